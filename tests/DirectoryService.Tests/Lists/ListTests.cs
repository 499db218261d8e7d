using System.Net;

namespace DirectoryService.Tests.Lists;

/// <summary>Lists: order, pages by index and by cursor, searches by POST, the root.</summary>
public sealed class ListTests(DirectoryFixture fixture)
{
    private const string Search = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

    private async Task<ScimClient> WithPeopleAsync()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var (name, title) in ((string, string?)[])[("cleo", "b"), ("Ada", "c"), ("bob", null), ("Émile", "A"), ("dora", null)])
            await scim.CreateUserAsync(name, title is null ? "" : $",\"title\":\"{title}\",\"emails\":[{{\"type\":\"work\",\"value\":\"{name}@Example.com\"}}]");
        return scim;
    }

    private static List<string> Names(Answer answer) =>
        [.. answer.Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray().Select(user => (user!["userName"] ?? user["displayName"])!.GetValue<string>())];

    [Theory]
    [InlineData("userName", "", "Ada bob cleo dora Émile")]
    [InlineData("userName", "descending", "Émile dora cleo bob Ada")]
    [InlineData("title", "ascending", "Émile cleo Ada")]
    [InlineData("emails.value", "ascending", "Ada cleo Émile")]
    public async Task A_list_is_sorted_and_missing_values_are_last(string by, string order, string expected)
    {
        var scim = await WithPeopleAsync();
        var answer = await scim.GetAsync($"/Users?sortBy={by}&sortOrder={order}");
        Assert.Equal(5, answer.Total);
        Assert.Equal(expected.Split(' '), Names(answer).Take(expected.Split(' ').Length));
        Assert.Equal(expected.Split(' ').Skip(1).Take(1), Names(await scim.GetAsync($"/Users?sortBy={by}&sortOrder={order}&startIndex=2&count=1")));
    }

    [Fact]
    public async Task What_cannot_be_sorted_by_is_refused()
    {
        var scim = await WithPeopleAsync();
        (await scim.GetAsync("/Users?sortBy=nosuch")).Refused(400, "invalidPath");
        (await scim.GetAsync("/Users?sortBy=password")).Refused(400, "invalidValue");
        (await scim.GetAsync("/Users?sortBy=userName&sortOrder=sideways")).Refused(400, "invalidValue");
    }

    [Theory]
    [InlineData("")]
    [InlineData("&filter=userName pr")] // a filter that rows are asked one by one
    [InlineData("&filter=active eq true")] // one that SQL answers
    [InlineData("&sortBy=userName")]
    public async Task Cursors_lead_through_the_whole_list_and_back(string search)
    {
        var scim = await WithPeopleAsync();
        var all = Names(await scim.GetAsync("/Users?x=" + search));
        var (forward, pages) = (new List<string>(), new List<List<string>>());
        var cursor = "";
        string? back = null;
        while (true)
        {
            var page = await scim.GetAsync($"/Users?count=2&cursor={cursor}{search}");
            Assert.Equal(5, page.Total);
            Assert.False(page.Body!.ContainsKey("startIndex"));
            pages.Add(Names(page));
            forward.AddRange(Names(page));
            back = page.Body["previousCursor"]?.GetValue<string>();
            if (page.Body["nextCursor"]?.GetValue<string>() is not { } next) break;
            cursor = next;
        }
        Assert.Equal(all, forward);
        Assert.Equal(pages[^2], Names(await scim.GetAsync($"/Users?count=2&cursor={back}{search}")));
    }

    /// <summary>Numbers past 32 bits, and past 64, are whole numbers too.</summary>
    [Theory]
    [InlineData("startIndex=2147483648", 0, 2147483648)]
    [InlineData("startIndex=99999999999999999999999999", 0, long.MaxValue)]
    [InlineData("startIndex=-99999999999999999999999999", 5, 1)]
    [InlineData("count=2147483648", 5, 1)]
    [InlineData("count=99999999999999999999999999", 5, 1)]
    [InlineData("count=-99999999999999999999999999", 0, 1)]
    [InlineData("startIndex=2147483647&count=200", 0, 2147483647)]
    public async Task A_number_of_any_size_asks_for_a_page(string asked, int items, long startIndex)
    {
        var scim = await WithPeopleAsync();
        foreach (var search in (string[])["/Users?", "/?", "/Users?sortBy=userName&", "/Users?filter=userName pr&", "/Users?filter=active eq true&", "/?sortBy=userName&"])
        {
            var page = (await scim.GetAsync(search + asked)).Expect(HttpStatusCode.OK);
            Assert.Equal((5, items, startIndex), (page.Total, page.Body!["itemsPerPage"]!.GetValue<int>(), page.Body["startIndex"]!.GetValue<long>()));
        }
        var body = string.Join(',', asked.Split('&').Select(one => $"\"{one.Split('=')[0]}\":{one.Split('=')[1]}"));
        var searched = (await scim.SendAsync("POST", "/Users/.search", $$"""{"schemas":["{{Search}}"],{{body}}}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(items, searched.Body!["itemsPerPage"]!.GetValue<int>());
        (await scim.GetAsync("/Users?count=1.5")).Refused(400, "invalidValue");
        (await scim.GetAsync("/Users?startIndex=0x10")).Refused(400, "invalidValue");
    }

    [Fact]
    public async Task Forged_foreign_and_changed_cursors_are_refused_alike()
    {
        var (scim, other) = (await WithPeopleAsync(), await WithPeopleAsync());
        var cursor = (await scim.GetAsync("/Users?count=2&cursor=")).Body!["nextCursor"]!.GetValue<string>();
        (await scim.GetAsync($"/Users?count=2&cursor={cursor}")).Expect(HttpStatusCode.OK);
        (await other.GetAsync($"/Users?count=2&cursor={cursor}")).Refused(400, "invalidCursor");
        (await scim.GetAsync($"/Groups?count=2&cursor={cursor}")).Refused(400, "invalidCursor");
        (await scim.GetAsync($"/Users?count=2&cursor={cursor}&filter=active eq true")).Refused(400, "invalidCursor");
        (await scim.GetAsync($"/Users?count=2&cursor={cursor[..^2]}AA")).Refused(400, "invalidCursor");
        (await scim.GetAsync("/Users?count=2&cursor=nonsense!")).Refused(400, "invalidCursor");
        (await scim.GetAsync("/Users?count=many&cursor=")).Refused(400, "invalidCount");
    }

    [Fact]
    public async Task A_search_by_POST_finds_what_the_query_finds()
    {
        var scim = await WithPeopleAsync();
        var found = await scim.SendAsync("POST", "/Users/.search",
            $$"""{"schemas":["{{Search}}"],"filter":"emails[type eq \"work\"].value eq \"ada@example.com\"","attributes":["userName"],"startIndex":1,"count":10}""");
        Assert.Equal(["Ada"], Names(found));
        Assert.Equal(["id", "schemas", "userName"], found.Body!["Resources"]![0]!.AsObject().Select(pair => pair.Key).Order());
        (await scim.SendAsync("POST", "/Users/.search", """{"schemas":["urn:x"],"filter":"userName pr"}""")).Refused(400, "invalidSyntax");
        (await scim.SendAsync("POST", "/Users/.search", $$"""{"schemas":["{{Search}}"],"filter":"nosuch pr"}""")).Refused(400, "invalidFilter");
    }

    /// <summary>RFC 7644 §3.4.2.2 has it among its examples.</summary>
    [Fact]
    public async Task Users_are_filtered_by_the_schemas_that_they_have_and_when_they_changed()
    {
        var scim = await WithPeopleAsync();
        const string enterpriseUrn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        await scim.CreateUserAsync("eve", $$""","{{enterpriseUrn}}":{"department":"IT"}""");
        Assert.Equal(["eve"], Names(await scim.FilterAsync("Users", $"schemas eq \"{enterpriseUrn}\"")));
        Assert.Equal(["eve"], Names(await scim.FilterAsync("Users", $"{enterpriseUrn} pr")));
        Assert.Equal(6, (await scim.FilterAsync("Users", "schemas sw \"urn:ietf:params:scim:schemas:core\" and meta.lastModified ge \"2020-01-01T00:00:00+01:00\"")).Total);
        Assert.Equal(0, (await scim.FilterAsync("Users", "meta.lastModified lt \"2020-01-01T00:00:00Z\"")).Total);
        Assert.Equal(6, Names(await scim.GetAsync("/Users?sortBy=meta.created&sortOrder=descending")).Count);
    }

    [Fact]
    public async Task The_root_lists_users_and_groups_together()
    {
        var scim = await WithPeopleAsync();
        await scim.CreateGroupAsync("Engineering");
        await scim.CreateGroupAsync("Sales");
        var all = new List<string>();
        for (var start = 1; start <= 7; start += 2)
        {
            var page = await scim.GetAsync($"/?startIndex={start}&count=2");
            Assert.Equal(7, page.Total);
            all.AddRange(Names(page));
        }
        Assert.Equal(["Ada", "Engineering", "Sales", "bob", "cleo", "dora", "Émile"], all.Order(StringComparer.Ordinal));
        Assert.Equal(["Sales"], Names(await scim.SendAsync("POST", "/.search", $$"""{"schemas":["{{Search}}"],"filter":"displayName eq \"SALES\""}""")));
        Assert.Equal(["bob"], Names(await scim.SendAsync("POST", "/.search", $$"""{"schemas":["{{Search}}"],"filter":"userName eq \"bob\""}""")));
        (await scim.SendAsync("POST", "/.search", $$"""{"schemas":["{{Search}}"],"filter":"nosuch eq \"bob\""}""")).Refused(400, "invalidFilter");
    }

    /// <summary>RFC 7644 §3.4.2.1: an attribute that a type lacks has no value there.</summary>
    [Theory]
    [InlineData("displayName eq \"Team\" or userName eq \"ada\"", "Team ada")]
    [InlineData("userName eq \"ada\" or displayName eq \"TEAM\"", "Team ada")]
    [InlineData("not (userName eq \"zz\")", "Other Team ada bob")]
    [InlineData("userName ne \"ada\"", "Other Team bob")]
    [InlineData("userName eq null", "Other Team")]
    [InlineData("userName ne null", "ada bob")]
    [InlineData("userName eq \"bob\" or members pr", "Team bob")]
    [InlineData("not (members pr)", "Other ada bob")]
    [InlineData("groups pr or externalId eq \"g\"", "Other ada")]
    [InlineData("members[display eq \"ada\"] or emails[type eq \"work\"]", "Team bob")]
    [InlineData("not (members[value pr]) and not (emails pr)", "Other ada")]
    [InlineData("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"IT\" or meta.resourceType eq \"Group\"", "Other Team bob")]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq \"team\"", "Team")]
    [InlineData("urn:ietf:params:scim:schemas:core:2.0:User:displayName pr or manager eq \"m\"", "bob")]
    [InlineData("displayName sw \"T\" and userName pr", "")]
    public async Task The_root_is_filtered_by_what_either_type_has(string filter, string expected)
    {
        var scim = await WithBothTypesAsync();
        var searches = new[]
        {
            await scim.GetAsync($"/?filter={Uri.EscapeDataString(filter)}"),
            await scim.GetAsync($"/?sortBy=id&filter={Uri.EscapeDataString(filter)}"),
            await scim.SendAsync("POST", "/.search", new System.Text.Json.Nodes.JsonObject { ["schemas"] = new System.Text.Json.Nodes.JsonArray(Search), ["filter"] = filter }.ToJsonString()),
        };
        Assert.All(searches, answer => Assert.Equal(expected, string.Join(' ', Names(answer).Order(StringComparer.Ordinal))));
        Assert.All(searches, answer => Assert.Equal(Names(answer).Count, answer.Total));
    }

    [Theory]
    [InlineData("displayName", "", "Other Robert Team ada")]
    [InlineData("displayName", "descending", "ada Team Robert Other")]
    [InlineData("userName", "", "ada Robert Other Team")]
    [InlineData("externalId", "", "Other Robert ada Team")]
    [InlineData("externalId", "descending", "ada Team Robert Other")]
    [InlineData("meta.resourceType", "", "Other Team Robert ada")]
    [InlineData("members", "descending", "Robert ada Other Team")]
    public async Task The_root_is_sorted_in_one_order_over_both_types(string by, string order, string expected)
    {
        var scim = await WithBothTypesAsync();
        var whole = await ReadAsync(1, 10);
        // Where values are equal or missing, the order is by id within each type.
        Assert.Equal(Grouped(expected), Grouped(string.Join(' ', whole)));
        Assert.Equal(whole, [.. await ReadAsync(1, 1), .. await ReadAsync(2, 2), .. await ReadAsync(4, 5)]);
        Assert.Equal((4, 0), ((await scim.GetAsync($"/?sortBy={by}&count=0")).Total, Names(await scim.GetAsync($"/?sortBy={by}&count=0")).Count));
        (await scim.GetAsync("/?sortBy=nosuch")).Refused(400, "invalidPath");

        async Task<List<string>> ReadAsync(int start, int count)
        {
            var page = await scim.GetAsync($"/?sortBy={by}&sortOrder={order}&startIndex={start}&count={count}");
            Assert.Equal(4, page.Total);
            return [.. page.Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray().Select(one => (one!["displayName"] ?? one["userName"])!.GetValue<string>())];
        }

        string Grouped(string names) => by switch
        {
            "userName" => names.Replace("Team Other", "Other Team", StringComparison.Ordinal),
            "externalId" => names.Replace("Team ada", "ada Team", StringComparison.Ordinal),
            "meta.resourceType" => names.Replace("Team Other", "Other Team", StringComparison.Ordinal).Replace("ada Robert", "Robert ada", StringComparison.Ordinal),
            "members" => names.Replace("ada Robert", "Robert ada", StringComparison.Ordinal),
            _ => names,
        };
    }

    /// <summary>Users ada and bob (Robert), groups Team (of ada) and Other.</summary>
    private async Task<ScimClient> WithBothTypesAsync()
    {
        var scim = await fixture.DirectoryAsync();
        var ada = await scim.CreateUserAsync("ada");
        await scim.CreateUserAsync("bob", ",\"displayName\":\"Robert\",\"externalId\":\"u\",\"emails\":[{\"type\":\"work\",\"value\":\"b@x\"}],\"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User\":{\"department\":\"IT\"}");
        await scim.CreateGroupAsync("Team", ada);
        (await scim.SendAsync("POST", "/Groups", """{"displayName":"Other","externalId":"g"}""")).Expect(HttpStatusCode.Created);
        return scim;
    }

    [Fact]
    public async Task Members_and_groups_are_filtered_on_from_both_sides()
    {
        var scim = await fixture.DirectoryAsync();
        var (ada, bob) = (await scim.CreateUserAsync("ada"), await scim.CreateUserAsync("bob"));
        var team = await scim.CreateGroupAsync("Team", ada);
        await scim.CreateGroupAsync("Empty");
        Assert.Equal(["Team"], Names(await scim.FilterAsync("Groups", $"members.value eq \"{ada}\"")));
        Assert.Equal(["Empty"], Names(await scim.FilterAsync("Groups", "not (members pr)")));
        Assert.Equal(["Team"], Names(await scim.FilterAsync("Groups", "members[display eq \"ADA\"]")));
        Assert.Equal(["ada"], Names(await scim.FilterAsync("Users", $"groups.value eq \"{team}\"")));
        Assert.Equal(["ada"], Names(await scim.FilterAsync("Users", "groups.display sw \"te\"")));
        Assert.Equal(["bob"], Names(await scim.FilterAsync("Users", "not (groups pr)")));
        Assert.Empty(Names(await scim.FilterAsync("Users", $"id eq \"{bob.ToString().ToUpperInvariant()}\"")));
        Assert.Equal(["bob"], Names(await scim.FilterAsync("Users", $"id eq \"{bob}\" and meta.created gt \"2020-01-01T00:00:00Z\" and meta.resourceType eq \"User\"")));
    }

    [Fact]
    public async Task What_an_index_cannot_hold_is_refused_before_it_is_stored()
    {
        var scim = await fixture.DirectoryAsync();
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 4_000).Select(_ => (char)random.Next('a', 'z')));
        foreach (var more in (string[])[$"\"displayName\":\"{text}\"", $"\"emails\":[{{\"value\":\"{text}\"}}]", $"\"externalId\":\"{text}\""])
            Assert.Contains("1000 bytes", (await scim.SendAsync("POST", "/Users", $"{{\"userName\":\"ada\",{more}}}")).Refused(400, "invalidValue").Detail, StringComparison.Ordinal);
        await scim.CreateUserAsync("ada", $",\"title\":\"{text}\"");
    }

    [Fact]
    public async Task Discovery_takes_no_filter_and_a_wrong_method_is_told_the_right_ones()
    {
        var scim = await fixture.DirectoryAsync();
        foreach (var path in (string[])["/Schemas", "/ResourceTypes/User", "/ServiceProviderConfig"])
            (await scim.GetAsync(path + "?filter=id pr")).Refused(403, null);
        var refused = (await scim.SendAsync("DELETE", "/Users")).Refused(405, null);
        Assert.Contains("POST", refused.Allow!);
    }

    [Fact]
    public async Task A_page_of_groups_ends_early_when_their_members_are_many()
    {
        var scim = await fixture.DirectoryAsync();
        var groups = new List<Guid>();
        for (var n = 0; n < 3; n++) groups.Add(await scim.CreateGroupAsync($"Group {n}"));
        await fixture.ScalarAsync<long>("""
            WITH made AS (
              INSERT INTO users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, user_name_key, document, created_at, modified_at)
              SELECT gen_random_uuid(), d.account_id, d.id, gen_random_uuid(), 1, 1, true, 'many' || n, jsonb_build_object('userName', 'many' || n), now(), now()
              FROM directories d, generate_series(1, 6000) n WHERE d.id = $1 RETURNING scim_id, account_id),
            joined AS (INSERT INTO group_members (group_scim_id, user_scim_id, account_id) SELECT g, scim_id, account_id FROM made, unnest($2) g RETURNING 1)
            SELECT count(*) FROM joined
            """, scim.DirectoryId, groups.ToArray());
        var page = (await scim.GetAsync("/Groups")).Expect(HttpStatusCode.OK).Body!;
        Assert.Equal((3, 1), (page["totalResults"]!.GetValue<int>(), page["itemsPerPage"]!.GetValue<int>()));
        Assert.Equal(3, (await scim.GetAsync("/Groups?excludedAttributes=members")).Body!["itemsPerPage"]!.GetValue<int>());
        var (seen, cursor) = (0, "");
        for (var pages = 0; pages < 4; pages++)
        {
            var next = (await scim.GetAsync($"/Groups?cursor={cursor}")).Expect(HttpStatusCode.OK).Body!;
            seen += next["itemsPerPage"]!.GetValue<int>();
            if (next["nextCursor"] is not { } more) break;
            cursor = more.GetValue<string>();
        }
        Assert.Equal(3, seen);
    }
}
