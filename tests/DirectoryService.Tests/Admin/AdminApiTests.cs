using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;

namespace DirectoryService.Tests.Admin;

public sealed class AdminApiTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Without_an_access_token_the_admin_api_is_closed()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Http.GetAsync("/api/v1/directories")).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/internal/access-tokens");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", DirectoryFixture.ApiKey + "x");
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Http.SendAsync(request)).StatusCode);
        // An API key is no access token: only the gateway swaps it.
        using var direct = new HttpRequestMessage(HttpMethod.Get, "/api/v1/directories");
        direct.Headers.Authorization = new AuthenticationHeaderValue("Bearer", DirectoryFixture.ApiKey);
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Http.SendAsync(direct)).StatusCode);
    }

    [Fact]
    public async Task A_directory_is_made_listed_and_named_once()
    {
        using var admin = await fixture.AdminAsync();
        var name = $"Contoso {Guid.NewGuid():n}";
        var created = await admin.PostAsJsonAsync("/api/v1/directories", new { name, provider = "Okta" });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var id = (await created.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
        var listed = (await admin.GetFromJsonAsync<JsonObject>("/api/v1/directories"))!["items"]!.AsArray().Single(item => item!["id"]!.GetValue<string>() == id)!;
        Assert.Equal("preserve", listed["conflictRule"]!.GetValue<string>());
        Assert.True(listed["lookupReleases"]!.GetValue<bool>());
        Assert.False(listed.AsObject().ContainsKey("token"));
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync("/api/v1/directories", new { name = name.ToUpperInvariant(), provider = "Okta" })).StatusCode);
        var bad = await admin.PostAsJsonAsync("/api/v1/directories", new { name = "x", provider = "Nobody" });
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("EntraId", (await bad.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.PostAsync("/api/v1/directories", new StringContent("{", null, "application/json"))).StatusCode);
    }

    [Fact]
    public async Task Two_tokens_live_at_a_time_and_a_revoked_one_is_dead_within_ten_seconds()
    {
        var scim = await fixture.DirectoryAsync();
        (await scim.GetAsync("/Users?count=0")).Expect(HttpStatusCode.OK);
        using var admin = await fixture.AdminAsync();
        var second = (await (await admin.PostAsync($"/api/v1/directories/{scim.DirectoryId}/tokens", null)).Content.ReadFromJsonAsync<JsonObject>())!;
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsync($"/api/v1/directories/{scim.DirectoryId}/tokens", null)).StatusCode);
        var rotated = new ScimClient(scim.BaseUrl, second["token"]!.GetValue<string>(), scim.DirectoryId);
        (await rotated.GetAsync("/Users?count=0")).Expect(HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/v1/directories/{scim.DirectoryId}/tokens/{scim.Token.Split('_')[1]}")).StatusCode);
        await Testing.Eventually.TrueAsync("the revoked token is refused", async () => (await scim.GetAsync("/Users?count=0")).Status == HttpStatusCode.Unauthorized, TimeSpan.FromSeconds(10));
        (await rotated.GetAsync("/Users?count=0")).Expect(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsync($"/api/v1/directories/{scim.DirectoryId}/tokens", null)).StatusCode);
    }

    [Fact]
    public async Task A_SCIM_user_leads_to_its_internal_id()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        var scimId = await scim.CreateUserAsync("Ada@Example.com", ",\"emails\":[{\"value\":\"first@x\"},{\"value\":\"ada@example.com\",\"primary\":true}]");
        await scim.CreateUserAsync("bob@example.com");
        using var admin = await fixture.AdminAsync();
        var found = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users?directory={scim.DirectoryId}&userName=ada@example.com"))!["items"]!.AsArray();
        var user = Assert.Single(found)!;
        Assert.Equal(scimId, user["scimId"]!.GetValue<Guid>());
        Assert.Equal("ada@example.com", user["email"]!.GetValue<string>());
        Assert.Equal("active", user["status"]!.GetValue<string>());
        Assert.StartsWith("EntraId", user["directoryName"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEqual(scimId, user["id"]!.GetValue<Guid>());
        await scim.SendAsync("DELETE", $"/Users/{scimId}");
        Assert.Equal("removed", (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users/{user["id"]}"))!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_application_role_can_neither_change_nor_delete_the_log()
    {
        foreach (var sql in (string[])["UPDATE events SET change = 'x'", "DELETE FROM events", "TRUNCATE events", "DROP TABLE events", "DELETE FROM sealed", "CREATE TABLE mine (x int)"])
        {
            await using var command = fixture.Db.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }
}
