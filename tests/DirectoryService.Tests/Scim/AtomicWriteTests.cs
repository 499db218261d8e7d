using System.Net;
using System.Text.Json.Nodes;
using DirectoryService.Tests.Protocol;
using FsCheck.Fluent;

namespace DirectoryService.Tests.Scim;

/// <summary>On the wire: a PATCH is done whole or not at all, and what must not be changed is changed by no request.</summary>
public sealed class AtomicWriteTests(DirectoryFixture fixture)
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    [Fact]
    public async Task A_patch_is_done_whole_or_not_at_all()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada", ""","emails":[{"type":"work","value":"a","primary":true},{"type":"home","value":"b"}]""");
        var internalId = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", id);
        var (refused, done) = (0, 0);
        foreach (var operations in Gen.Choose(1, 3).SelectMany(length => ProtocolGenerators.Operation.ListOf(length)).Sample(80, 10))
        {
            var before = (await scim.GetAsync($"/Users/{id}")).Body!;
            var events = (await fixture.EventsAsync(internalId)).Count;
            var answer = await scim.PatchAsync($"/Users/{id}", string.Join(',', operations.Select(operation => operation.ToJsonString())));
            var after = (await scim.GetAsync($"/Users/{id}")).Body!;
            var moved = (await fixture.EventsAsync(internalId)).Count - events;
            var about = $"{string.Join("\n", operations.Select(operation => operation.ToJsonString()))}\n{answer.Body}";
            if (answer.Status == HttpStatusCode.OK) Assert.True(IsSame(answer.Body, after) && moved == (IsSame(before, after) ? 0 : 1), about);
            else Assert.True((int)answer.Status == 400 && JsonNode.DeepEquals(before, after) && moved == 0, about);
            if (answer.Status == HttpStatusCode.OK) done++;
            else refused++;
        }
        Assert.True(done > 0 && refused > 10, $"{done} done, {refused} refused");
    }

    /// <summary>The order in which schemas are listed means nothing.</summary>
    private static bool IsSame(JsonObject? left, JsonObject right)
    {
        return JsonNode.DeepEquals(Ordered(left!), Ordered(right));

        static JsonObject Ordered(JsonObject body)
        {
            var copy = body.DeepClone().AsObject();
            copy["schemas"] = new JsonArray([.. body["schemas"]!.AsArray().Select(urn => urn!.GetValue<string>()).Order().Select(urn => (JsonNode)urn)]);
            return copy;
        }
    }

    [Theory]
    [InlineData("""{"op":"replace","path":"id","value":"x"}""")]
    [InlineData("""{"op":"replace","value":{"META.version":"x"}}""")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:groups","value":[{"value":"x"}]}""")]
    [InlineData("""{"op":"remove","path":"groups[type eq \"direct\"]"}""")]
    [InlineData("""{"op":"replace","path":"manager","value":{"displayName":"x"}}""")]
    [InlineData("""{"op":"remove","path":"userName"}""")]
    public async Task A_forbidden_change_is_refused_alone_among_others_and_in_bulk(string operation)
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada");
        await scim.CreateGroupAsync("Team", id);
        var before = (await scim.GetAsync($"/Users/{id}")).Body!;
        (await scim.PatchAsync($"/Users/{id}", operation)).Refused(400, "mutability");
        (await scim.PatchAsync($"/Users/{id}", $$"""{"op":"add","path":"title","value":"t"},{{operation}},{"op":"remove","path":"title"}""")).Refused(400, "mutability");
        var bulk = (await scim.SendAsync("POST", "/Bulk", $$$"""
            {"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[{"method":"PATCH","path":"/Users/{{{id}}}","data":{"Operations":[{{{operation}}}]}}]}
            """)).Expect(HttpStatusCode.OK).Body!["Operations"]![0]!;
        Assert.Equal(("400", "mutability"), (bulk["status"]!.GetValue<string>(), bulk["response"]!["scimType"]!.GetValue<string>()));
        Assert.True(JsonNode.DeepEquals(before, (await scim.GetAsync($"/Users/{id}")).Body));
    }

    [Fact]
    public async Task A_put_changes_nothing_that_the_service_sets()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada");
        await scim.CreateGroupAsync("Team", id);
        var before = (await scim.GetAsync($"/Users/{id}")).Body!;
        var put = (await scim.SendAsync("PUT", $"/Users/{id}", $$"""
            {"schemas":["urn:x"],"id":"{{Guid.NewGuid()}}","userName":"ada","META":{"version":"x","created":"2020-01-01T00:00:00Z","location":"http://x"},"groups":[],
             "{{Enterprise}}":{"manager":{"displayName":"Boss"} } }
            """)).Expect(HttpStatusCode.OK);
        Assert.True(JsonNode.DeepEquals(before, put.Body), put.Body!.ToJsonString());
        Assert.True(JsonNode.DeepEquals(before, (await scim.GetAsync($"/Users/{id}")).Body));
    }
}
