using System.Net;
using Testing;

namespace DirectoryService.Tests.Users;

public sealed class UserTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task A_burst_of_writes_on_one_user_is_carried_out_one_by_one()
    {
        var scim = await fixture.DirectoryAsync();
        var user = await scim.CreateUserAsync("ada");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(n =>
            scim.PatchAsync($"/Users/{user}", $$"""{"op":"add","path":"emails","value":[{"type":"other","value":"{{n}}@x"}]}""")));
        Assert.All(answers, answer => answer.Expect(HttpStatusCode.OK));
        Assert.Equal(64, (await scim.GetAsync($"/Users/{user}")).Body!["emails"]!.AsArray().Count);
        // Each saw what those before it had done.
        Assert.Equal(64, answers.Select(answer => answer.Headers.ETag!.ToString()).Distinct().Count());
    }

    // As Entra ID sends it (idp-behaviour §2), nulls and empty roles included.
    private static string EntraUser(string name) => $$"""
        {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
         "externalId":"ext-{{name}}","userName":"{{name}}@Contoso.com","active":true,"displayName":"Joy Young","title":null,
         "emails":[{"type":"work","value":"{{name}}@contoso.com","primary":true}],"name":{"givenName":"Joy","familyName":"Young"},
         "roles":[],"meta":{"resourceType":"User"},"password":"placeholder",
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"IT","manager":"2819c223"} }
        """;

    [Fact]
    public async Task A_created_user_is_answered_whole_with_its_location_and_without_nulls()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        var created = (await scim.SendAsync("POST", "/Users", EntraUser("joy"))).Expect(HttpStatusCode.Created);

        Assert.Equal($"{scim.BaseUrl}/Users/{created.Id}", created.Headers.Location!.ToString());
        Assert.Equal(created.Headers.Location.ToString(), created.Body!["meta"]!["location"]!.GetValue<string>());
        Assert.Equal("joy@Contoso.com", created.Body["userName"]!.GetValue<string>());
        Assert.False(created.Body.ContainsKey("title"));
        Assert.False(created.Body.ContainsKey("roles"));
        Assert.False(created.Body.ContainsKey("password"));
        Assert.Equal("2819c223", created.Body["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]!["manager"]!["value"]!.GetValue<string>());
        Assert.Equal(created.Body.ToJsonString(), WithoutOrder((await scim.GetAsync($"/Users/{created.Id}")).Body!, created.Body));
    }

    /// <summary>The stored document does not keep the order of names; the order means nothing.</summary>
    private static string WithoutOrder(System.Text.Json.Nodes.JsonObject actual, System.Text.Json.Nodes.JsonObject expected) =>
        System.Text.Json.Nodes.JsonNode.DeepEquals(actual, expected) ? expected.ToJsonString() : actual.ToJsonString();

    [Theory]
    [InlineData("userName eq \"ADA@contoso.COM\"")]
    [InlineData("externalId eq \"ext-ada\"")]
    [InlineData("externalId eq ext-ada")]
    [InlineData("userName eq \"ada@contoso.com\" and active eq true")]
    public async Task A_user_is_found_by_what_IdPs_match_on(string filter)
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        var id = (await scim.SendAsync("POST", "/Users", EntraUser("ada"))).Id;
        await scim.SendAsync("POST", "/Users", EntraUser("bob"));

        var found = (await scim.FilterAsync("Users", filter)).Expect(HttpStatusCode.OK);
        Assert.Equal(1, found.Total);
        Assert.Equal(id.ToString(), found.Body!["Resources"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_filter_that_finds_nothing_answers_200_with_an_empty_list()
    {
        var scim = await fixture.DirectoryAsync("EntraId");
        var found = (await scim.FilterAsync("Users", "userName eq \"7e1b9d2c-nobody\"")).Expect(HttpStatusCode.OK);
        Assert.Equal(0, found.Total);
        Assert.Equal("[]", found.Body!["Resources"]!.ToJsonString());
    }

    [Fact]
    public async Task External_ids_compare_exactly_and_user_names_without_case()
    {
        var scim = await fixture.DirectoryAsync();
        await scim.CreateUserAsync("Ada", ",\"externalId\":\"Ext\"");
        Assert.Equal(0, (await scim.FilterAsync("Users", "externalId eq \"ext\"")).Total);
        (await scim.SendAsync("POST", "/Users", """{"userName":"ADA"}""")).Refused(409, "uniqueness");
    }

    [Fact]
    public async Task Equal_creates_at_once_end_in_one_user()
    {
        var scim = await fixture.DirectoryAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scim.SendAsync("POST", "/Users", """{"userName":"same@example.com"}""")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(39, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
    }

    /// <summary>Captured: Entra ID without and with aadOptscim062020, Okta without a path.</summary>
    [Theory]
    [InlineData("""{"op":"Replace","path":"active","value":"False"}""")]
    [InlineData("""{"op":"replace","path":"active","value":false}""")]
    [InlineData("""{"op":"replace","value":{"active":false}}""")]
    [InlineData("""{"op":"Replace","path":"urn:ietf:params:scim:schemas:core:2.0:User:active","value":false}""")]
    public async Task A_user_is_disabled_by_every_spelling_that_IdPs_send(string operation)
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var id = await scim.CreateUserAsync("ada@example.com");
        Assert.False((await scim.PatchAsync($"/Users/{id}", operation)).Expect(HttpStatusCode.OK).Active);
        Assert.False((await scim.GetAsync($"/Users/{id}")).Active);
        Assert.True((await scim.PatchAsync($"/Users/{id}", """{"op":"replace","value":{"active":true}}""")).Active);
    }

    [Fact]
    public async Task A_put_that_leaves_out_active_changes_nothing_about_it()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com", ",\"active\":false,\"title\":\"Countess\"");
        var put = (await scim.SendAsync("PUT", $"/Users/{id}", """{"userName":"ada@example.com"}""")).Expect(HttpStatusCode.OK);
        Assert.False(put.Active);
        Assert.False(put.Body!.ContainsKey("title"));
    }

    [Fact]
    public async Task What_changes_nothing_moves_no_version_and_logs_nothing()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com", ",\"title\":\"Countess\"");
        var before = await scim.GetAsync($"/Users/{id}");
        var after = (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"title","value":"Countess"},{"op":"replace","path":"active","value":true}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(before.Body!["meta"]!.ToJsonString(), after.Body!["meta"]!.ToJsonString());
        var user = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", id);
        Assert.Equal([(1, "UserChanged", "created")], await fixture.EventsAsync(user));
    }

    [Fact]
    public async Task Every_change_appends_one_event_with_the_next_version()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com");
        await scim.PatchAsync($"/Users/{id}", """{"op":"add","path":"title","value":"Countess"}""");
        await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":false}""");
        await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":true}""");
        await scim.SendAsync("DELETE", $"/Users/{id}");
        var user = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", id);
        Assert.Equal(
            [(1, "UserChanged", "created"), (2, "UserChanged", "updated"), (3, "UserChanged", "deactivated"), (4, "UserChanged", "reactivated"), (5, "UserChanged", "removed")],
            await fixture.EventsAsync(user));
        Assert.Equal(2L, await fixture.ScalarAsync<long>("SELECT deactivations FROM users WHERE id = $1", user));
    }

    [Fact]
    public async Task Concurrent_patches_of_one_user_all_take_effect()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com");
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            scim.PatchAsync($"/Users/{id}", $$"""{"op":"add","path":"emails","value":[{"type":"other","value":"a{{i}}@example.com"}]}""")));
        Assert.All(answers, answer => answer.Expect(HttpStatusCode.OK));
        Assert.Equal(6, (await scim.GetAsync($"/Users/{id}")).Body!["emails"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_deleted_user_is_gone_and_its_name_is_free()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com");
        (await scim.SendAsync("DELETE", $"/Users/{id}")).Expect(HttpStatusCode.NoContent);
        (await scim.GetAsync($"/Users/{id}")).Refused(404, null);
        (await scim.SendAsync("DELETE", $"/Users/{id}")).Refused(404, null);
        (await scim.PatchAsync($"/Users/{id}", """{"op":"replace","path":"active","value":true}""")).Refused(404, null);
        Assert.Equal(0, (await scim.FilterAsync("Users", "userName eq \"ada@example.com\"")).Total);
        Assert.NotEqual(id, await scim.CreateUserAsync("ada@example.com"));
    }

    [Fact]
    public async Task If_match_of_another_version_is_412_and_changes_nothing()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com");
        (await scim.SendAsync("DELETE", $"/Users/{id}", ifMatch: "W/\"7\"")).Refused(412, null);
        (await scim.SendAsync("DELETE", $"/Users/{id}", ifMatch: "W/\"1\"")).Expect(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("""{"displayName":"no name"}""", "invalidValue")]
    [InlineData("""{"userName":"a","userName":"b"}""", "invalidSyntax")]
    [InlineData("""{"userName":"a","USERNAME":"b"}""", "invalidSyntax")]
    [InlineData("""{"userName":"a","active":"maybe"}""", "invalidValue")]
    [InlineData("""{"userName":17}""", "invalidValue")]
    [InlineData("""{"userName":"a","emails":[{"value":"x","primary":true},{"value":"y","primary":true}]}""", "invalidValue")]
    [InlineData("{\"userName\":\"nul\\u0000\"}", "invalidValue")]
    [InlineData("""[1,2]""", "invalidSyntax")]
    [InlineData("""{"userName":""", "invalidSyntax")]
    public async Task A_bad_body_is_refused_with_what_to_do(string body, string scimType)
    {
        var scim = await fixture.DirectoryAsync();
        (await scim.SendAsync("POST", "/Users", body)).Refused(400, scimType);
    }

    [Fact]
    public async Task A_wrong_token_is_401_and_a_foreign_directory_does_not_exist()
    {
        var mine = await fixture.DirectoryAsync();
        var other = await fixture.DirectoryAsync();
        var wrong = (await new ScimClient(mine.BaseUrl, mine.Token[..^1] + (mine.Token[^1] == 'A' ? 'B' : 'A'), mine.DirectoryId).GetAsync("/Users")).Refused(401, null);
        Assert.Equal("Bearer", wrong.Headers.WwwAuthenticate.ToString());
        (await new ScimClient(other.BaseUrl, mine.Token, other.DirectoryId).GetAsync("/Users")).Refused(404, null);
        var id = await mine.CreateUserAsync("ada@example.com");
        (await other.GetAsync($"/Users/{id}")).Refused(404, null);
    }

    [Fact]
    public async Task A_list_is_paged_in_a_stable_order_with_integer_counters()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        for (var i = 0; i < 7; i++) await scim.CreateUserAsync($"user{i}@example.com");
        var seen = new List<string>();
        for (var start = 1; start <= 7; start += 3)
        {
            var page = (await scim.GetAsync($"/Users?startIndex={start}&count=3")).Expect(HttpStatusCode.OK);
            Assert.Equal(7, page.Total);
            Assert.Equal(start, page.Body!["startIndex"]!.GetValue<int>());
            seen.AddRange(page.Body["Resources"]!.AsArray().Select(user => user!["id"]!.GetValue<string>()));
        }
        Assert.Equal(7, seen.Distinct().Count());
        var none = await scim.GetAsync("/Users?startIndex=0&count=-1");
        Assert.Equal((7, 0), (none.Total, none.Body!["itemsPerPage"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Attributes_and_excludedAttributes_choose_what_is_shown()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com", ",\"name\":{\"givenName\":\"Ada\",\"familyName\":\"L\"}");
        Assert.Equal(["schemas", "id", "name"], (await scim.GetAsync($"/Users/{id}?attributes=name.givenName")).Body!.Select(pair => pair.Key));
        Assert.False((await scim.GetAsync($"/Users/{id}?excludedAttributes=name,id")).Body!.ContainsKey("name"));
        (await scim.GetAsync($"/Users/{id}?attributes=id&excludedAttributes=name")).Refused(400, "invalidValue");
    }

    [Fact]
    public async Task The_outbox_drains_to_the_broker_and_seals_what_was_sent()
    {
        var scim = await fixture.DirectoryAsync();
        var id = await scim.CreateUserAsync("ada@example.com");
        var user = await fixture.ScalarAsync<Guid>("SELECT id FROM users WHERE scim_id = $1", id);
        await Eventually.TrueAsync("the event is sealed", async () => await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM sealed s JOIN events e ON e.at = s.event_at AND e.id = s.event_id WHERE e.aggregate_id = $1", user) == 1);
        Assert.Equal(0L, await fixture.ScalarAsync<long>(
            "SELECT count(*) FROM outbox o JOIN events e ON e.at = o.event_at AND e.id = o.event_id WHERE e.aggregate_id = $1", user));
    }
}
