using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DirectoryService.Admin.Access;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace DirectoryService.Tests.Admin.Access;

/// <summary>Faulty access tokens are refused, no account reaches what belongs to another, and each refusal says what is wrong.</summary>
public sealed class AccessTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task A_token_with_any_fault_opens_nothing()
    {
        var account = await fixture.ScalarAsync<Guid>("SELECT id FROM accounts WHERE name = 'Tests'");
        Nothing(await AccessTokenCheck.ComplaintsAsync(
            new Uri(fixture.Address, "/api/v1/account"), await fixture.Services.GetRequiredService<SigningKeys>().GetSigningKeyAsync(CancellationToken.None), account));
    }

    [Fact]
    public async Task Every_refusal_says_what_is_wrong_in_words_of_the_API()
    {
        using var admin = await fixture.AdminAsync(fixture.StrangerKey);
        Nothing(await ApiRefusals.ComplaintsAsync(fixture.Address.GetLeftPart(UriPartial.Authority), admin.DefaultRequestHeaders.Authorization!.Parameter!));
    }

    [Fact]
    public async Task An_account_never_reaches_what_another_has()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var scimUser = await scim.CreateUserAsync("ada@example.com");
        var user = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", scimUser);
        using var owner = await fixture.AdminAsync();
        using var stranger = await fixture.AdminAsync(fixture.StrangerKey);
        var group = await MadeAsync(owner, "/api/v1/groups", new { displayName = $"Staff {Guid.NewGuid():n}" });
        await owner.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { add = new[] { user } });
        var job = await MadeAsync(owner, "/api/v1/users/bulk", new { action = "enable", ids = new[] { user } });
        await Eventually.TrueAsync("the job to be done", async () => (await owner.GetFromJsonAsync<JsonObject>($"/api/v1/jobs/{job}"))!["finishedAt"] is not null);
        using var key = await owner.PostAsJsonAsync("/api/v1/api-keys", new { name = "Of the owner", role = "auditor" });
        var keyId = (await key.Content.ReadFromJsonAsync<JsonObject>())!["keyId"]!.GetValue<string>();
        var token = (await owner.GetFromJsonAsync<JsonObject>($"/api/v1/directories/{scim.DirectoryId}/tokens"))!["items"]![0]!["keyId"]!.GetValue<string>();

        Nothing(await new OtherAccountCases(
            owner, stranger,
            (path, parameter) => (path.Split('/')[3], parameter) switch
            {
                ("directories", "id") => scim.DirectoryId.ToString(),
                ("directories", "keyId") => token,
                ("users", "id") => user.ToString(),
                ("groups", "id") => group.ToString(),
                ("jobs", "id") => job.ToString(),
                ("api-keys", "keyId") => keyId,
                _ => null,
            },
            (method, path) => path switch
            {
                _ when method == HttpMethod.Get || method == HttpMethod.Delete => null,
                "/api/v1/directories/{id}" => new { name = "Taken over" },
                "/api/v1/directories/{id}/search-attributes" => new { attributes = new[] { "title" } },
                "/api/v1/users/{id}" => new { userName = "taken@example.com" },
                "/api/v1/groups/{id}" => new { displayName = "Taken over" },
                "/api/v1/groups/{id}/members" => new { remove = new[] { user } },
                _ => null,
            }).ComplaintsAsync(
            fixture.Services,
            [
                $"/api/v1/directories/{scim.DirectoryId}", $"/api/v1/directories/{scim.DirectoryId}/search-attributes", $"/api/v1/users/{user}",
                $"/api/v1/groups/{group}", $"/api/v1/groups/{group}/members", $"/api/v1/jobs/{job}", $"/api/v1/users/{user}/timeline",
            ]));
        Assert.Contains(token, await owner.GetStringAsync($"/api/v1/directories/{scim.DirectoryId}/tokens"), StringComparison.Ordinal);
        Assert.Contains(keyId, await owner.GetStringAsync("/api/v1/api-keys"), StringComparison.Ordinal);

        // Ids that stand elsewhere than in the path.
        Assert.Empty((await stranger.GetFromJsonAsync<JsonObject>($"/api/v1/users?directory={scim.DirectoryId}"))!["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PutAsJsonAsync("/api/v1/user-authentication", new { name = "SSO", directoryId = scim.DirectoryId })).StatusCode);
        var own = await MadeAsync(stranger, "/api/v1/groups", new { displayName = $"Own {Guid.NewGuid():n}" });
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PostAsJsonAsync($"/api/v1/groups/{own}/members", new { add = new[] { user } })).StatusCode);
        var foreign = await MadeAsync(stranger, "/api/v1/users/bulk", new { action = "disable", ids = new[] { user } });
        var (items, _) = await Eventually.BecomesAsync("the stranger's job to be done",
            async () => (await stranger.GetFromJsonAsync<JsonObject>($"/api/v1/jobs/{foreign}/items"))!["items"]!.AsArray(), seen => seen[0]!["outcome"] is not null);
        Assert.Equal("unknown", items[0]!["outcome"]!.GetValue<string>());
        Assert.Equal("active", (await owner.GetFromJsonAsync<JsonObject>($"/api/v1/users/{user}"))!["status"]!.GetValue<string>());
    }

    private static async Task<Guid> MadeAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
    }

    /// <summary>Shows all of them.</summary>
    private static void Nothing(string complaints) => Assert.True(complaints.Length == 0, complaints);
}
