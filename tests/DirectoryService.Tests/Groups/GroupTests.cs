using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryService.Tests.Groups;

public sealed class GroupTests(DirectoryFixture fixture)
{
    private async Task<(ScimClient Scim, Guid[] Users)> WithUsersAsync(int count)
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        var users = await Task.WhenAll(Enumerable.Range(0, count).Select(i => scim.CreateUserAsync($"user{i}@example.com")));
        return (scim, users);
    }

    private Task<Guid> InternalIdAsync(Guid group) => fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", group);

    private static async Task AssertMembersAsync(ScimClient scim, Guid group, params Guid[] expected) =>
        Assert.Equal(expected.Order(), (await scim.MembersAsync(group)).Order());

    [Fact]
    public async Task Members_are_added_and_removed_in_both_dialects_of_Entra()
    {
        var (scim, u) = await WithUsersAsync(4);
        var group = await scim.CreateGroupAsync("Engineering");
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"Add","path":"members","value":[{"$ref":null,"value":"{{u[0]}}"},{"$ref":null,"value":"{{u[1]}}"}]}""")).Expect(HttpStatusCode.NoContent);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{u[2]}}"}]},{"op":"add","path":"members","value":[{"value":"{{u[3]}}"}]}""")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group, u);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"Remove","path":"members","value":[{"$ref":null,"value":"{{u[0]}}"}]}""")).Expect(HttpStatusCode.NoContent);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members[value eq \"{{u[1]}}\"]"}""")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group, u[2], u[3]);
    }

    [Fact]
    public async Task Okta_replaces_all_members_and_renames_without_a_path()
    {
        var (scim, u) = await WithUsersAsync(3);
        var group = await scim.CreateGroupAsync("Engineering", u[0], u[1]);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","path":"members","value":[{"value":"{{u[2]}}"},{"value":"{{u[1]}}"}]}""")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group, u[1], u[2]);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"replace","value":{"id":"{{group}}","displayName":"R&D"} }""")).Expect(HttpStatusCode.NoContent);
        Assert.Equal("R&D", (await scim.GetAsync($"/Groups/{group}")).Body!["displayName"]!.GetValue<string>());
        await AssertMembersAsync(scim, group, u[1], u[2]);
    }

    [Fact]
    public async Task A_put_sets_exactly_its_members()
    {
        var (scim, u) = await WithUsersAsync(3);
        var group = await scim.CreateGroupAsync("Engineering", u[0], u[1]);
        (await scim.SendAsync("PUT", $"/Groups/{group}", $$"""{"displayName":"Engineering","members":[{"value":"{{u[1]}}"},{"value":"{{u[2]}}"}]}""")).Expect(HttpStatusCode.OK);
        await AssertMembersAsync(scim, group, u[1], u[2]);
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"remove","path":"members","value":null}""")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group);
    }

    [Fact]
    public async Task What_is_there_already_makes_no_version_and_no_event()
    {
        var (scim, u) = await WithUsersAsync(2);
        var group = await scim.CreateGroupAsync("Engineering", u[0]);
        var before = (await scim.GetAsync($"/Groups/{group}")).Body!["meta"]!.ToJsonString();
        await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{u[0]}}"}]}""");
        await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members","value":[{"value":"{{u[1]}}"}]}""");
        Assert.Equal(before, (await scim.GetAsync($"/Groups/{group}")).Body!["meta"]!.ToJsonString());
        Assert.Equal([(1, "GroupChanged", "created"), (2, "MembersChanged", "membersChanged")], await fixture.EventsAsync(await InternalIdAsync(group)));
    }

    [Fact]
    public async Task Large_changes_are_cut_into_facts_of_a_thousand_edges_with_contiguous_versions()
    {
        var (scim, _) = await WithUsersAsync(1);
        var users = await fixture.CopyUsersAsync(scim, 2_500);
        var group = await scim.CreateGroupAsync("Everybody", users);
        var events = await fixture.EventsAsync(await InternalIdAsync(group));
        Assert.Equal([1, 2, 3, 4], events.Select(row => row.Version!.Value));
        Assert.Equal(2_500L, await fixture.ScalarAsync<long>(
            "SELECT sum(jsonb_array_length(payload->'edges')) FROM events WHERE type = 'MembersChanged' AND aggregate_id = $1", await InternalIdAsync(group)));
        Assert.Equal(4L, await fixture.ScalarAsync<long>("SELECT version FROM groups WHERE scim_id = $1", group));
        Assert.Equal(2_500, (await scim.MembersAsync(group)).Count);
    }

    [Fact]
    public async Task Concurrent_patches_of_one_group_lose_nothing()
    {
        var (scim, u) = await WithUsersAsync(30);
        var group = await scim.CreateGroupAsync("Engineering", u[..10]);
        var joins = u[10..].Select(id => scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{id}}"}]}"""));
        var leaves = u[..10].Select(id => scim.PatchAsync($"/Groups/{group}", $$"""{"op":"remove","path":"members[value eq \"{{id}}\"]"}"""));
        Assert.All(await Task.WhenAll(joins.Concat(leaves)), answer => answer.Expect(HttpStatusCode.NoContent));
        await AssertMembersAsync(scim, group, u[10..]);
        var versions = (await fixture.EventsAsync(await InternalIdAsync(group))).Select(row => row.Version!.Value).Order().ToList();
        Assert.Equal(Enumerable.Range(1, versions.Count).Select(i => (long)i), versions);
    }

    [Fact]
    public async Task Members_that_the_directory_never_issued_are_refused_and_nothing_changes()
    {
        var (scim, u) = await WithUsersAsync(1);
        var other = await fixture.DirectoryAsync();
        var foreign = await other.CreateUserAsync("eve@example.com");
        var group = await scim.CreateGroupAsync("Engineering");
        var refused = (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{u[0]}}"},{"value":"{{foreign}}"}]}""")).Refused(400, "invalidValue");
        Assert.Contains(foreign.ToString(), refused.Detail, StringComparison.Ordinal);
        await AssertMembersAsync(scim, group);
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"add","path":"members","value":[{"value":"not-an-id"}]}""")).Refused(400, "invalidValue");
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"type":"Group","value":"{{group}}"}]}""")).Refused(400, "invalidValue");
    }

    /// <summary>By POST, PUT and PATCH, few or more than are kept as they are sent.</summary>
    [Theory]
    [InlineData("POST", 0)]
    [InlineData("PUT", 0)]
    [InlineData("PATCH add", 0)]
    [InlineData("PATCH replace", 0)]
    [InlineData("PATCH no path", 0)]
    [InlineData("POST", 3_000)]
    [InlineData("PUT", 3_000)]
    [InlineData("PATCH add", 3_000)]
    public async Task Where_unknown_members_are_skipped_any_id_is(string how, int more)
    {
        var (scim, u) = await WithUsersAsync(1);
        using var admin = await fixture.AdminAsync();
        (await admin.PatchAsJsonAsync($"/api/v1/directories/{scim.DirectoryId}", new { unknownMembers = "skip" })).EnsureSuccessStatusCode();
        await Testing.Eventually.TrueAsync("the token's directory is read again", async () => (await fixture.Services
            .GetRequiredService<DirectoryService.Scim.ScimTokenCache>().AuthenticateAsync(scim.Token, CancellationToken.None))!.SkipUnknownMembers);
        string[] unknown = ["legacy-id-1", "42", Guid.NewGuid().ToString(), .. Enumerable.Range(0, more).Select(n => $"legacy-{n:d6}-of-some-other-directory")];
        var members = new JsonArray([.. unknown.Append(u[0].ToString()).Select(id => new JsonObject { ["value"] = id }), new JsonObject { ["value"] = 42 }]).ToJsonString();
        var group = how == "POST" ? Guid.Empty : await scim.CreateGroupAsync("Team");
        var answer = how switch
        {
            "POST" => await scim.SendAsync("POST", "/Groups", $$"""{"displayName":"Team","members":{{members}}}"""),
            "PUT" => await scim.SendAsync("PUT", $"/Groups/{group}", $$"""{"displayName":"Team","members":{{members}}}"""),
            "PATCH no path" => await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","value":{"members":{{members}} } }"""),
            _ => await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"{{how.Split(' ')[1]}}","value":{{members}},"path":"members"}"""),
        };
        Assert.True((int)answer.Status is >= 200 and < 300, answer.Body?.ToJsonString());
        if (how == "POST") group = answer.Id;
        await AssertMembersAsync(scim, group, u[0]);
        var told = await SkippedAsync(group);
        Assert.All(unknown[..3], id => Assert.Contains(id, told, StringComparison.Ordinal));
        if (more > 0) Assert.Contains("more.", told, StringComparison.Ordinal);

        // Whom nobody knows is no member, so there is nothing to remove.
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"remove","path":"members[value eq \"legacy-id-1\"]"},{"op":"remove","path":"members","value":[{"value":"42"}]}""")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group, u[0]);
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"add","path":"members","value":[{"type":"Group","value":"legacy-id-1"}]}""")).Refused(400, "invalidValue");
        (await scim.PatchAsync($"/Groups/{group}", """{"op":"add","path":"members","value":[{"display":"x"}]}""")).Refused(400, "invalidValue");
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(5_000, true)]
    [InlineData(5_000, false)]
    public async Task Values_of_other_attributes_of_a_group_are_kept_as_they_are_however_many(int count, bool pathFirst)
    {
        const string tagsPath = "urn:ietf:params:scim:schemas:extension:Acme:2.0:Group:tags";
        var (scim, _) = await WithUsersAsync(0);
        var group = await scim.CreateGroupAsync("Team");
        var tags = new JsonArray([.. Enumerable.Range(0, count).Select(n => (JsonNode)$"tag number {n}")]);
        var operation = pathFirst ? $$"""{"op":"add","path":"{{tagsPath}}","value":{{tags.ToJsonString()}}}""" : $$"""{"op":"add","value":{{tags.ToJsonString()}},"path":"{{tagsPath}}"}""";
        var answer = await scim.PatchAsync($"/Groups/{group}", operation);
        var stored = (await scim.GetAsync($"/Groups/{group}")).Body!["urn:ietf:params:scim:schemas:extension:Acme:2.0:Group"]?["tags"];
        if (pathFirst) Assert.True(JsonNode.DeepEquals(tags, stored), answer.Body?.ToJsonString());
        else
        {
            answer.Refused(413, null);
            Assert.Null(stored);
        }
    }

    [Fact]
    public async Task A_deleted_user_leaves_its_groups_and_is_skipped_when_an_IdP_still_sends_it()
    {
        var (scim, u) = await WithUsersAsync(2);
        var group = await scim.CreateGroupAsync("Engineering", u);
        (await scim.SendAsync("DELETE", $"/Users/{u[0]}")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group, u[1]);
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{u[0]}}"}]}""")).Expect(HttpStatusCode.NoContent);
        await AssertMembersAsync(scim, group, u[1]);
        Assert.Contains(u[0].ToString(), await SkippedAsync(group), StringComparison.Ordinal);

        // Said again within the hour, it stands once.
        (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{u[0]}}"}]}""")).Expect(HttpStatusCode.NoContent);
        await SkippedAsync(group);
    }

    [Fact]
    public async Task Members_of_an_extension_are_its_own_however_many()
    {
        const string acme = "urn:ietf:params:scim:schemas:extension:Acme:2.0:Group";
        var (scim, _) = await WithUsersAsync(0);
        var members = new JsonArray([.. Enumerable.Range(0, 5_000).Select(n => new JsonObject { ["value"] = Guid.NewGuid().ToString(), ["n"] = n })]);
        var body = new JsonObject { ["displayName"] = "Team", [acme] = new JsonObject { ["members"] = members } };
        var posted = (await scim.SendAsync("POST", "/Groups", body.ToJsonString())).Expect(HttpStatusCode.Created);
        Assert.True(JsonNode.DeepEquals(members, posted.Body![acme]!["members"]));
        (await scim.PatchAsync($"/Groups/{posted.Id}", new JsonObject { ["op"] = "replace", ["value"] = new JsonObject { [acme] = new JsonObject { ["members"] = members.DeepClone() } } }.ToJsonString())).Expect(HttpStatusCode.NoContent);
        Assert.True(JsonNode.DeepEquals(members, (await scim.GetAsync($"/Groups/{posted.Id}")).Body![acme]!["members"]));
    }

    /// <summary>The entry of the group's timeline that says whom a write named in vain: one in each hour, and the test may run in two.</summary>
    private async Task<string> SkippedAsync(Guid group)
    {
        var id = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", group);
        using var admin = await fixture.AdminAsync();
        var timeline = (await admin.GetFromJsonAsync<JsonObject>($"/api/v1/groups/{id}/timeline"))!["items"]!.AsArray();
        var skipped = timeline.Where(entry => entry!["change"]!.GetValue<string>() == "skippedMembers").ToList();
        Assert.All(skipped.GroupBy(entry => entry!["at"]!.GetValue<DateTimeOffset>().Hour), hour => Assert.Single(hour));
        return skipped[0]!["reason"]!.GetValue<string>();
    }

    [Fact]
    public async Task A_display_name_is_unique_without_case_and_a_put_that_keeps_it_is_no_conflict()
    {
        var (scim, _) = await WithUsersAsync(0);
        var group = await scim.CreateGroupAsync("Engineering");
        (await scim.SendAsync("POST", "/Groups", """{"displayName":"ENGINEERING"}""")).Refused(409, "uniqueness");
        (await scim.SendAsync("PUT", $"/Groups/{group}", """{"displayName":"Engineering"}""")).Expect(HttpStatusCode.OK);
        (await scim.SendAsync("DELETE", $"/Groups/{group}")).Expect(HttpStatusCode.NoContent);
        (await scim.GetAsync($"/Groups/{group}")).Refused(404, null);
        await scim.CreateGroupAsync("engineering");
    }

    [Theory]
    [InlineData("POST", "/Groups", """{"displayName":"Other","externalId":"g-1"}""")]
    [InlineData("PUT", "/Groups/OTHER", """{"displayName":"Second","externalId":"g-1"}""")]
    [InlineData("PATCH", "/Groups/OTHER", """{"Operations":[{"op":"replace","path":"externalId","value":"g-1"}]}""")]
    [InlineData("PATCH", "/Groups/OTHER", """{"Operations":[{"op":"add","value":{"externalId":"g-1"}}]}""")]
    public async Task An_external_id_of_a_live_group_is_not_taken_twice(string method, string path, string body)
    {
        var scim = await fixture.DirectoryAsync();
        var first = (await scim.SendAsync("POST", "/Groups", """{"displayName":"First","externalId":"g-1"}""")).Expect(HttpStatusCode.Created).Id;
        var other = (await scim.SendAsync("POST", "/Groups", """{"displayName":"Second","externalId":"g-2"}""")).Expect(HttpStatusCode.Created).Id;
        var refused = (await scim.SendAsync(method, path.Replace("OTHER", other.ToString(), StringComparison.Ordinal), body)).Refused(409, "uniqueness");
        Assert.Contains("externalId 'g-1'", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(1, (await scim.FilterAsync("Groups", "externalId eq \"g-1\"")).Total);
        // Another directory's is its own, and so is that of a group that is gone.
        (await (await fixture.DirectoryAsync()).SendAsync("POST", "/Groups", """{"displayName":"First","externalId":"g-1"}""")).Expect(HttpStatusCode.Created);
        (await scim.SendAsync("DELETE", $"/Groups/{first}")).Expect(HttpStatusCode.NoContent);
        var answer = await scim.SendAsync(method, path.Replace("OTHER", other.ToString(), StringComparison.Ordinal), body);
        Assert.True((int)answer.Status is >= 200 and < 300, answer.Body?.ToJsonString());
    }

    [Fact]
    public async Task Groups_that_shared_an_external_id_before_it_was_unique_can_be_read_and_edited()
    {
        var scim = await fixture.DirectoryAsync();
        await scim.SendAsync("POST", "/Groups", """{"displayName":"First","externalId":"g-1"}""");
        var twin = (await scim.SendAsync("POST", "/Groups", """{"displayName":"Twin","externalId":"g-2"}""")).Expect(HttpStatusCode.Created).Id;
        await using (var command = fixture.Db.CreateCommand("""
            UPDATE groups SET external_id = 'g-1', document = document || '{"externalId": "g-1"}', holds_external_id = false WHERE scim_id = $1
            """))
        {
            command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = twin });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(2, (await scim.FilterAsync("Groups", "externalId eq \"g-1\"")).Total);
        (await scim.SendAsync("PUT", $"/Groups/{twin}", """{"displayName":"Renamed","externalId":"g-1"}""")).Expect(HttpStatusCode.OK);
        (await scim.PatchAsync($"/Groups/{twin}", """{"op":"replace","path":"displayName","value":"Again"}""")).Expect(HttpStatusCode.NoContent);
        (await scim.SendAsync("POST", "/Groups", """{"displayName":"Third","externalId":"g-1"}""")).Refused(409, "uniqueness");
        // Once it has let go of it, it is as any other.
        (await scim.PatchAsync($"/Groups/{twin}", """{"op":"replace","path":"externalId","value":"g-3"}""")).Expect(HttpStatusCode.NoContent);
        (await scim.PatchAsync($"/Groups/{twin}", """{"op":"replace","path":"externalId","value":"g-1"}""")).Refused(409, "uniqueness");
    }

    [Fact]
    public async Task Entra_checks_a_reference_and_reads_without_members()
    {
        var (scim, u) = await WithUsersAsync(2);
        var group = await scim.CreateGroupAsync("Engineering", u[0]);
        Assert.Equal(1, (await scim.FilterAsync("Groups", $"id eq \"{group}\" and members eq \"{u[0]}\"", "&attributes=id")).Total);
        Assert.Equal(0, (await scim.FilterAsync("Groups", $"id eq \"{group}\" and members eq \"{u[1]}\"", "&attributes=id")).Total);
        var found = await scim.FilterAsync("Groups", "displayName eq \"engineering\"", "&excludedAttributes=members");
        Assert.False(found.Body!["Resources"]![0]!.AsObject().ContainsKey("members"));
    }

    [Fact]
    public async Task A_patch_that_asks_for_attributes_is_answered_with_them()
    {
        var (scim, u) = await WithUsersAsync(1);
        var group = await scim.CreateGroupAsync("Engineering");
        var answer = (await scim.PatchAsync($"/Groups/{group}", $$"""{"op":"add","path":"members","value":[{"value":"{{u[0]}}"}]}""", "?attributes=members")).Expect(HttpStatusCode.OK);
        Assert.Single(answer.Body!["members"]!.AsArray());
    }
}
