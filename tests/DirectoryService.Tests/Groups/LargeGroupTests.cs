using System.Net;

namespace DirectoryService.Tests.Groups;

public sealed class LargeGroupTests(DirectoryFixture fixture)
{
    private static string Members(IEnumerable<Guid> users) => $"[{string.Join(',', users.Select(id => $$"""{"value":"{{id}}"}"""))}]";

    private async Task<(ScimClient Scim, Guid[] Users)> WithCopiesAsync(int count)
    {
        var scim = await fixture.DirectoryAsync();
        await scim.CreateUserAsync("first@example.com");
        return (scim, await fixture.CopyUsersAsync(scim, count));
    }

    private Task<long> EdgesAsync(Guid group) => fixture.ScalarAsync<long>(
        "SELECT coalesce(sum(jsonb_array_length(e.payload->'edges')), 0)::bigint FROM events e JOIN groups g ON g.id = e.aggregate_id WHERE e.type = 'MembersChanged' AND g.scim_id = $1", group);

    [Fact]
    public async Task A_put_of_50000_members_that_swaps_one_tells_two_edges()
    {
        var (scim, users) = await WithCopiesAsync(50_001);
        var group = await scim.CreateGroupAsync("Everybody", users[1..]);
        Assert.Equal(50_000, await EdgesAsync(group));
        (await scim.SendAsync("PUT", $"/Groups/{group}?excludedAttributes=members", $$"""{"displayName":"Everybody","members":{{Members(users[..^1])}}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(50_002, await EdgesAsync(group));
        Assert.Equal(users[..^1].Order(), (await scim.MembersAsync(group)).Order());

        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members","value":{{Members(users[..^1])}}}""")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(50_002, await EdgesAsync(group));
    }

    [Fact]
    public async Task Values_may_come_before_their_path_and_operations_keep_their_order()
    {
        var (scim, users) = await WithCopiesAsync(4);
        var group = await scim.CreateGroupAsync("Order", users[0]);
        (await scim.PatchAsync($"/Groups/{group}", $$"""
            {"value":{{Members(users[1..3])}},"path":"members","op":"replace"},
            {"value":{{Members(users[2..])}},"op":"add","path":"members"},
            {"value":{{Members(users[1..2])}},"op":"remove","path":"members"},
            {"op":"replace","value":{"displayName":"Kept"} }
            """)).Expect(HttpStatusCode.NoContent);
        Assert.Equal(users[2..].Order(), (await scim.MembersAsync(group)).Order());
    }

    [Fact]
    public async Task Members_without_a_path_and_under_their_urn_are_members()
    {
        var (scim, users) = await WithCopiesAsync(2);
        var group = await scim.CreateGroupAsync("Spellings");
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","value":{"Members":{{Members(users[..1])}} } }""")).Expect(HttpStatusCode.NoContent);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","value":{"urn:ietf:params:scim:schemas:core:2.0:Group:members":{{Members(users[1..])}} } }""")).Expect(HttpStatusCode.NoContent);
        Assert.Equal(users.Order(), (await scim.MembersAsync(group)).Order());
    }

    [Fact]
    public async Task One_member_among_many_that_is_none_refuses_the_whole()
    {
        var (scim, users) = await WithCopiesAsync(100);
        var group = await scim.CreateGroupAsync("Whole");
        var mixed = Members(users)[..^1] + ",{\"value\":\"nobody\"}]";
        Assert.Contains("nobody", (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":{{mixed}}}""")).Refused(400, "invalidValue").Detail, StringComparison.Ordinal);
        var nested = Members(users)[..^1] + $$""",{"type":"Group","value":"{{group}}"}]""";
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":{{nested}}}""")).Refused(400, "invalidValue");
        Assert.Empty(await scim.MembersAsync(group));
    }

    [Fact]
    public async Task A_page_of_groups_ends_early_at_ten_thousand_members()
    {
        var (scim, users) = await WithCopiesAsync(6_000);
        foreach (var name in (string[])["A", "B", "C"]) await scim.CreateGroupAsync(name, users);
        var page = (await scim.GetAsync("/Groups")).Expect(HttpStatusCode.OK).Body!;
        Assert.Equal((3, 1, 1), (page["totalResults"]!.GetValue<int>(), page["itemsPerPage"]!.GetValue<int>(), page["Resources"]!.AsArray().Count));
        Assert.Equal(users.Order(), page["Resources"]![0]!["members"]!.AsArray().Select(member => member!["value"]!.GetValue<Guid>()).Order());
        var bare = (await scim.GetAsync("/Groups?excludedAttributes=members")).Expect(HttpStatusCode.OK).Body!;
        Assert.Equal(3, bare["itemsPerPage"]!.GetValue<int>());
        Assert.All(bare["Resources"]!.AsArray(), group => Assert.False(group!.AsObject().ContainsKey("members")));
    }

    [Fact]
    public async Task Only_what_is_asked_of_a_member_is_shown()
    {
        var (scim, users) = await WithCopiesAsync(1);
        var group = await scim.CreateGroupAsync("Few", users);
        var member = (await scim.GetAsync($"/Groups/{group}?attributes=members.value")).Expect(HttpStatusCode.OK).Body!["members"]![0]!.AsObject();
        Assert.Equal(["value"], member.Select(pair => pair.Key));
        Assert.False((await scim.GetAsync($"/Groups/{group}?excludedAttributes=members.display")).Body!["members"]![0]!.AsObject().ContainsKey("display"));
    }
}
