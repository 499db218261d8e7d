using System.Net;

namespace DirectoryService.Tests.Groups;

/// <summary>A conditional request hides no change of what is shown, whoever made it; and a membership moves no stored version.</summary>
public sealed class DerivedVersionTests(DirectoryFixture fixture)
{
    private ScimClient scim = null!;
    private Guid ada, bob, team;

    private async Task BeginAsync()
    {
        scim = await fixture.DirectoryAsync();
        (ada, bob) = (await scim.CreateUserAsync("ada"), await scim.CreateUserAsync("bob"));
        team = await scim.CreateGroupAsync("Team", ada);
    }

    /// <summary>What is done, to which resource it shows, and whether a write with the version from before still passes.</summary>
    public static TheoryData<string, string, bool> Changes => new()
    {
        { "delete ada", "group", false },
        { "purge ada", "group", false },
        { "rename ada", "group", true },
        { "rename ada by userName", "group", true },
        { "bob joins", "group", false },
        { "bob joins", "bob", false },
        { "ada leaves", "ada", false },
        { "put without members", "ada", false },
        { "rename the group", "ada", true },
        { "delete the group", "ada", false },
        { "console deletes the group", "ada", false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_conditional_read_hides_no_change_and_a_conditional_write_minds_its_own(string change, string shownBy, bool passes)
    {
        await BeginAsync();
        var path = shownBy switch { "group" => $"/Groups/{team}", "ada" => $"/Users/{ada}", _ => $"/Users/{bob}" };
        var before = (await scim.GetAsync(path)).Expect(HttpStatusCode.OK);
        var etag = before.Headers.ETag!.ToString();
        Assert.Equal(etag, before.Body!["meta"]!["version"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotModified, (await scim.SendAsync("GET", path, ifNoneMatch: etag)).Status);

        await DoAsync(change);

        var after = (await scim.SendAsync("GET", path, ifNoneMatch: etag)).Expect(HttpStatusCode.OK);
        var now = after.Headers.ETag!.ToString();
        Assert.NotEqual(etag, now);
        Assert.Equal(now, after.Body!["meta"]!["version"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotModified, (await scim.SendAsync("GET", path, ifNoneMatch: now)).Status);
        await AssertListsAgreeAsync(path, now);
        if (change is not ("bob joins" or "ada leaves") || shownBy != "group")
            Assert.Equal(before.Body["meta"]!["lastModified"]!.GetValue<string>(), after.Body["meta"]!["lastModified"]!.GetValue<string>());
        const string write = """{"Operations":[{"op":"replace","path":"externalId","value":"x"}]}""";
        if (!passes) (await scim.SendAsync("PATCH", path, write, ifMatch: etag)).Refused(412, null);
        var written = await scim.SendAsync("PATCH", path, write, ifMatch: passes ? etag : now);
        Assert.True((int)written.Status is 200 or 204, written.Body?.ToJsonString());
        Assert.Equal(written.Headers.ETag!.ToString(), (await scim.GetAsync(path)).Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Membership_moves_neither_stored_version_nor_time_of_a_user()
    {
        await BeginAsync();
        var stored = await RowAsync();
        await DoAsync("bob joins");
        await DoAsync("rename the group");
        Assert.Equal(stored, await RowAsync());

        Task<string> RowAsync() => fixture.ScalarAsync<string>("SELECT concat_ws(' ', version, scim_version, modified_at, xmin) FROM users WHERE scim_id = $1", bob);
    }

    [Fact]
    public async Task A_removed_user_moves_neither_row_nor_stored_version_of_its_groups()
    {
        await BeginAsync();
        var stored = await RowAsync();
        await DoAsync("delete ada");
        Assert.Equal(stored, await RowAsync());
        Assert.Empty(await scim.MembersAsync(team));

        Task<string> RowAsync() => fixture.ScalarAsync<string>("SELECT concat_ws(' ', version, scim_version, modified_at, xmin) FROM groups WHERE scim_id = $1", team);
    }

    [Fact]
    public async Task What_is_made_has_the_version_that_it_is_read_with()
    {
        await BeginAsync();
        await DoAsync("rename ada");
        var made = (await scim.SendAsync("POST", "/Groups", $$"""{"displayName":"New","members":[{"value":"{{ada}}"}]}""")).Expect(HttpStatusCode.Created);
        Assert.Equal(made.Headers.ETag!.ToString(), made.Body!["meta"]!["version"]!.GetValue<string>());
        Assert.Equal(made.Headers.ETag!.ToString(), (await scim.GetAsync($"/Groups/{made.Id}")).Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Members_that_leave_with_their_users_at_the_same_time_are_each_counted()
    {
        await BeginAsync();
        var users = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => scim.CreateUserAsync($"user{n}")));
        var groups = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => scim.CreateGroupAsync($"Group {n}", users)));
        Assert.All(await Task.WhenAll(users.Select(user => scim.SendAsync("DELETE", $"/Users/{user}"))), answer => answer.Expect(HttpStatusCode.NoContent));
        foreach (var group in groups)
            Assert.Equal(40L, await fixture.ScalarAsync<long>("SELECT sum(n)::bigint FROM derived_versions WHERE owner = $1", group));
    }

    private async Task AssertListsAgreeAsync(string path, string version)
    {
        var (type, id) = path.Split('/') is [_, var one, var two] ? (one, two) : throw new ArgumentException(path);
        foreach (var filter in (string[])[$"id eq \"{id}\"", $"meta.version eq {System.Text.Json.Nodes.JsonValue.Create(version).ToJsonString()} and id ew \"{id}\"", $"id ew \"{id}\""])
        {
            var found = (await scim.FilterAsync(type, filter, "&excludedAttributes=groups,members")).Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray();
            Assert.Equal(version, Assert.Single(found)!["meta"]!["version"]!.GetValue<string>());
        }
    }

    private async Task DoAsync(string change)
    {
        using var admin = await fixture.AdminAsync();
        switch (change)
        {
            case "delete ada": (await scim.SendAsync("DELETE", $"/Users/{ada}")).Expect(HttpStatusCode.NoContent); break;
            case "purge ada":
                var user = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", ada);
                (await admin.PostAsync($"/api/v1/users/{user}/delete", null)).EnsureSuccessStatusCode();
                (await admin.PostAsync($"/api/v1/users/{user}/purge", null)).EnsureSuccessStatusCode();
                break;
            case "rename ada": (await scim.PatchAsync($"/Users/{ada}", """{"op":"add","path":"displayName","value":"Ada"}""")).Expect(HttpStatusCode.OK); break;
            case "rename ada by userName": (await scim.SendAsync("PUT", $"/Users/{ada}", """{"userName":"Countess"}""")).Expect(HttpStatusCode.OK); break;
            case "bob joins": (await scim.PatchAsync($"/Groups/{team}", $$"""{"op":"add","path":"members","value":[{"value":"{{bob}}"}]}""")).Expect(HttpStatusCode.NoContent); break;
            case "ada leaves": (await scim.PatchAsync($"/Groups/{team}", $$"""{"op":"remove","path":"members[value eq \"{{ada}}\"]"}""")).Expect(HttpStatusCode.NoContent); break;
            case "put without members": (await scim.SendAsync("PUT", $"/Groups/{team}", """{"displayName":"Team"}""")).Expect(HttpStatusCode.OK); break;
            case "rename the group": (await scim.PatchAsync($"/Groups/{team}", """{"op":"replace","path":"displayName","value":"Crew"}""")).Expect(HttpStatusCode.NoContent); break;
            case "delete the group": (await scim.SendAsync("DELETE", $"/Groups/{team}")).Expect(HttpStatusCode.NoContent); break;
            case "console deletes the group":
                var group = await fixture.ScalarAsync<Guid>("SELECT id FROM groups WHERE scim_id = $1", team);
                (await admin.PostAsync($"/api/v1/groups/{group}/delete", null)).EnsureSuccessStatusCode();
                break;
            default: throw new ArgumentException(change);
        }
    }
}
