using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Admin.Timelines;

public sealed class TimelineTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task A_users_timeline_shows_what_followed_in_licenses_and_policies_in_the_order_of_time()
    {
        var (id, scim, scimId) = await UserAsync();
        var created = (await TimelineAsync(id))["items"]![0]!["at"]!.GetValue<DateTimeOffset>();
        Answer("licenses", id, new { at = created.AddSeconds(1), kind = "granted", reason = "assigned", product = "ZTNA", poolId = Guid.NewGuid(), actor = new { kind = "apiKey", id = "k" } });
        Answer("policies", id, new { at = created.AddSeconds(2), kind = "joined", reason = "group", policyId = Guid.NewGuid(), policyName = "Access" });
        await scim.PatchAsync($"/Users/{scimId}", """{"op":"replace","value":{"active":false}}""");

        using var admin = await fixture.AdminAsync();
        var timeline = await TimelineAsync(id, admin);
        Assert.Empty(timeline["missing"]!.AsArray());
        Assert.Equal(
            ["created directory ", "licenseGranted licenses ZTNA", "policyJoined policies Access"],
            timeline["items"]!.AsArray().Where(item => item!["change"]!.GetValue<string>() != "deactivated")
                .Select(item => $"{item!["change"]} {item["source"]} {item["note"]}").Reverse());
        Assert.Equal("deactivated", Assert.Single(timeline["items"]!.AsArray(), item => item!["version"]?.GetValue<long>() == 2)!["change"]!.GetValue<string>());
        Assert.Equal(admin.DefaultRequestHeaders.Authorization!.ToString(), fixture.Neighbours.TokensSeen[$"/api/v1/licenses/users/{id}/history"]);

        var page = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/users/{id}/timeline?limit=2"))!["items"]!.AsArray();
        Assert.Equal(2, page.Count);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_named_and_the_rest_is_shown()
    {
        var (id, _, _) = await UserAsync();
        fixture.Neighbours.Answers[$"/api/v1/policies/users/{id}/history"] = null;
        var timeline = await TimelineAsync(id);
        Assert.Equal(["policies"], timeline["missing"]!.AsArray().Select(name => name!.GetValue<string>()));
        Assert.Equal("created", Assert.Single(timeline["items"]!.AsArray())!["change"]!.GetValue<string>());
    }

    private async Task<(Guid Id, ScimClient Scim, Guid ScimId)> UserAsync()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var scimId = await scim.CreateUserAsync("ada@example.com");
        return (await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", scimId), scim, scimId);
    }

    private void Answer(string service, Guid user, object entry) =>
        fixture.Neighbours.Answers[$"/api/v1/{service}/users/{user}/history"] = System.Text.Json.JsonSerializer.Serialize(new { items = new[] { entry } });

    private async Task<JsonObject> TimelineAsync(Guid id, HttpClient? client = null)
    {
        using var admin = client is null ? await fixture.AdminAsync() : null;
        return (await (client ?? admin!).GetFromJsonAsync<JsonObject>($"/api/v1/users/{id}/timeline"))!;
    }
}
