using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace DirectoryService.Tests.Outages;

/// <summary>
/// Whoever holds a connection and waits for another waits for somebody who does the same. The replica has one: a path that
/// needs two at a time is answered 503 here.
/// </summary>
public sealed class FewConnectionsTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task Every_write_of_SCIM_gets_by_with_one_connection()
    {
        var own = await SkippingDirectoryAsync();
        await using var replica = await Replica.StartAsync(fixture, connections: 1);
        var scim = replica.Scim(own);
        var user = await scim.CreateUserAsync("ada");
        var stranger = Guid.NewGuid();
        var created = (await scim.SendAsync("POST", "/Groups", $$"""{"displayName":"Doors","members":[{"value":"{{user}}"},{"value":"{{stranger}}"}]}""")).Expect(HttpStatusCode.Created);
        var group = "/Groups/" + created.Id;
        (await scim.PatchAsync(group, $$"""{"op":"add","path":"members","value":[{"value":"{{Guid.NewGuid()}}"}]}""")).Expect(HttpStatusCode.NoContent);
        (await scim.PatchAsync(group, $$"""{"op":"replace","path":"displayName","value":"Gates"},{"op":"add","path":"members","value":[{"value":"{{Guid.NewGuid()}}"}]}""")).Expect(HttpStatusCode.NoContent);
        (await scim.SendAsync("PUT", group, $$"""{"displayName":"Doors","members":[{"value":"{{user}}"},{"value":"{{Guid.NewGuid()}}"}]}""")).Expect(HttpStatusCode.OK);
        (await scim.PatchAsync($"/Users/{user}", """{"op":"replace","path":"active","value":false}""")).Expect(HttpStatusCode.OK);
        (await scim.SendAsync("PUT", $"/Users/{user}", """{"userName":"ada","displayName":"Ada"}""")).Expect(HttpStatusCode.OK);
        (await scim.SendAsync("POST", "/Bulk", $$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
              {"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"Bulk","members":[{"value":"{{Guid.NewGuid()}}"}] } },
              {"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"bob"} }]}
            """)).Expect(HttpStatusCode.OK);
        (await scim.GetAsync("/Groups")).Expect(HttpStatusCode.OK);
        (await scim.GetAsync("/Users?sortBy=userName")).Expect(HttpStatusCode.OK);
        (await scim.GetAsync(group)).Expect(HttpStatusCode.OK);
        (await scim.SendAsync("DELETE", group)).Expect(HttpStatusCode.NoContent);
        (await scim.SendAsync("DELETE", $"/Users/{user}")).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Many_creates_with_unknown_members_at_a_time_all_succeed()
    {
        var own = await SkippingDirectoryAsync();
        await using var replica = await Replica.StartAsync(fixture, connections: 4);
        var scim = replica.Scim(own);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => scim.SendAsync(
            "POST", "/Groups", $$"""{"displayName":"Group {{i}}","members":[{"value":"{{Guid.NewGuid()}}"}]}""")));
        Assert.All(answers, answer => answer.Expect(HttpStatusCode.Created));
        Assert.Equal(60, (await own.GetAsync("/Groups?count=0")).Total);
        Assert.Equal(60, await fixture.ScalarAsync<long>("SELECT count(*) FROM events WHERE directory_id = $1 AND change = 'skippedMembers'", own.DirectoryId));
    }

    [Fact]
    public async Task An_admins_writes_and_a_job_get_by_with_one_connection()
    {
        var own = await fixture.DirectoryAsync();
        var scimIds = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => own.CreateUserAsync($"user{i}")));
        var ids = await fixture.ScalarAsync<Guid[]>("SELECT array_agg(id) FROM users WHERE scim_id = ANY($1)", scimIds);
        await using var replica = await Replica.StartAsync(fixture, connections: 1);
        using var admin = await replica.AdminAsync(fixture);
        var group = (await (await admin.PostAsJsonAsync("/api/v1/groups", new { displayName = $"Mine {Guid.NewGuid():n}" })).EnsureSuccessStatusCode()
            .Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
        (await admin.PostAsJsonAsync($"/api/v1/groups/{group}/members", new { add = ids })).EnsureSuccessStatusCode();
        (await admin.PostAsync(new Uri($"/api/v1/users/{ids[0]}/disable", UriKind.Relative), null)).EnsureSuccessStatusCode();
        (await admin.PostAsync(new Uri($"/api/v1/groups/{group}/disable", UriKind.Relative), null)).EnsureSuccessStatusCode();
        (await admin.PostAsJsonAsync("/api/v1/directories", new { name = $"Another {Guid.NewGuid():n}", provider = "Okta" })).EnsureSuccessStatusCode();
        (await admin.GetAsync(new Uri($"/api/v1/groups/{group}/timeline", UriKind.Relative))).EnsureSuccessStatusCode();
        var job = (await (await admin.PostAsJsonAsync("/api/v1/users/bulk", new { action = "disable", ids })).EnsureSuccessStatusCode()
            .Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>();
        await Eventually.TrueAsync("the job to be done", async () =>
            (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/jobs/{job}"))!["finishedAt"] is not null);
    }

    private async Task<ScimClient> SkippingDirectoryAsync()
    {
        var scim = await fixture.DirectoryAsync();
        using var admin = await fixture.AdminAsync();
        (await admin.PatchAsJsonAsync($"/api/v1/directories/{scim.DirectoryId}", new { unknownMembers = "skip" })).EnsureSuccessStatusCode();
        return scim;
    }
}
