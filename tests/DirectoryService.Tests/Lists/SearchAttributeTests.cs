using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using DirectoryService.Lists;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Lists;

/// <summary>Attributes that an admin chose to search by: the answers stay as they were, and an index gives them.</summary>
public sealed class SearchAttributeTests(DirectoryFixture fixture)
{
    private const string Department = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

    private static readonly string[] Filters =
    [
        "title eq \"COUNTESS\"", "title sw \"gr\"", "title sw \"größe \"", "title eq \"x\"", "title ne \"Countess\"", "not (title eq \"countess\")", "title sw \"\"",
        $"{Department} eq \"engines\" and title pr", "addresses.locality eq \"GRAZ\"", "addresses[type eq \"home\" and locality sw \"w\"]", "roles eq \"ADMIN\"",
        $"title eq \"{new string('l', 300)}\"", $"title sw \"{new string('l', 260)}\"", $"title eq \"{new string('l', 301)}\"", "title eq \"Ｃountess\" or title sw \"李\"",
    ];

    private static string Path(ScimClient scim) => $"/api/v1/directories/{scim.DirectoryId}/search-attributes";

    private static async Task<JsonArray> ChooseAsync(HttpClient admin, ScimClient scim, params string[] attributes)
    {
        using var response = await admin.PutAsJsonAsync(Path(scim), new { attributes });
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>())!["items"]!.AsArray();
    }

    private static async Task<string> AnswersAsync(ScimClient scim)
    {
        var answers = new List<string>();
        foreach (var filter in Filters)
            answers.Add($"{filter}: {string.Join(' ', (await scim.FilterAsync("Users", filter, "&attributes=userName")).Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray().Select(user => user!["userName"]!.GetValue<string>()).Order(StringComparer.Ordinal))}");
        return string.Join('\n', answers);
    }

    [Fact]
    public async Task Searches_answer_the_same_before_and_after_and_the_keys_follow_the_users()
    {
        var scim = await fixture.DirectoryAsync();
        using var admin = await fixture.AdminAsync();
        var ada = await scim.CreateUserAsync("ada", $$""","title":"Countess","roles":[{"value":"Admin"}],"addresses":[{"type":"work","locality":"Graz"},{"type":"home","locality":"Wien"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Engines"}""");
        await scim.CreateUserAsync("bob", ""","title":"Größe eins" """);
        await scim.CreateUserAsync("long", $$""","title":"{{new string('l', 300)}}" """);
        await scim.CreateUserAsync("none");
        var before = await AnswersAsync(scim);

        Assert.Equal(4, (await ChooseAsync(admin, scim, "TITLE", Department, "addresses.locality", "roles.value")).Count);
        var late = await scim.CreateUserAsync("late", ""","title":"李 Countess" """); // perhaps with a token that does not know yet
        await scim.SendAsync("DELETE", $"/Users/{late}");
        await Eventually.TrueAsync("the attributes are ready", async () =>
            (await admin.GetFromJsonAsync<JsonObject>(Path(scim)))!["items"]!.AsArray().All(one => one!["ready"]!.GetValue<bool>()), TimeSpan.FromSeconds(60));
        Assert.Equal(1 + 1 + 2 + 1 + 1 + 1, await KeysAsync(scim));

        // Whatever each replica's token says meanwhile, the answers are the same, and so are those by the index.
        await Eventually.TrueAsync("the token knows that they are ready", async () =>
        {
            Assert.Equal(before, await AnswersAsync(scim));
            return await fixture.KnowsSearchAttributesAsync(scim);
        }, TimeSpan.FromSeconds(60));
        Assert.Equal(before, await AnswersAsync(scim));

        await scim.PatchAsync($"/Users/{ada}", """{"op":"replace","path":"title","value":"Lady"},{"op":"remove","path":"addresses[type eq \"work\"]"}""");
        Assert.Equal(0, (await scim.FilterAsync("Users", "title eq \"countess\"")).Total);
        Assert.Equal(1, (await scim.FilterAsync("Users", "title eq \"LADY\"")).Total);
        Assert.Equal(0, (await scim.FilterAsync("Users", "addresses.locality eq \"graz\"")).Total);
        Assert.Equal(6, await KeysAsync(scim));

        Assert.Equal("roles.value", Assert.Single(await ChooseAsync(admin, scim, "roles.value"))!["attribute"]!.GetValue<string>());
        Assert.Equal(1, (await scim.FilterAsync("Users", "title eq \"lady\"")).Total);
        await Eventually.TrueAsync("the keys of those dropped are deleted", async () => await KeysAsync(scim) == 1, TimeSpan.FromSeconds(60));
        Assert.Equal(1, (await scim.FilterAsync("Users", "title eq \"lady\"")).Total);
    }

    [Fact]
    public async Task Only_text_attributes_of_users_can_be_chosen_five_at_most_and_a_choice_is_logged()
    {
        var scim = await fixture.DirectoryAsync();
        using var admin = await fixture.AdminAsync();
        foreach (var (attributes, reason) in ((string[], string)[])
        [
            (["nosuch"], "notSearchable"), (["userName"], "notSearchable"), (["active"], "notSearchable"), (["password"], "notSearchable"), (["name"], "notSearchable"), (["meta.created"], "notSearchable"),
            (["groups.display"], "notSearchable"), (["emails.value"], "notSearchable"), (["urn:acme:2.0:User:badge"], "notSearchable"),
            (["title", "nickName", "userType", "locale", "timezone", "name.familyName"], "tooMany"),
        ])
        {
            using var refused = await admin.PutAsJsonAsync(Path(scim), new { attributes });
            Assert.Equal((HttpStatusCode.BadRequest, reason), (refused.StatusCode, (await refused.Content.ReadFromJsonAsync<JsonObject>())!["reason"]!.GetValue<string>()));
        }
        await ChooseAsync(admin, scim, "title", "nickName", "userType", "locale", "timezone");
        await ChooseAsync(admin, scim, "nickName", "title", "userType", "locale", "timezone");
        using (var full = await admin.PutAsJsonAsync(Path(scim), new { attributes = (string[])["name.familyName"] })) Assert.Equal(HttpStatusCode.Conflict, full.StatusCode);
        Assert.Equal([(1, "DirectoryChanged", "created"), (2, "DirectoryChanged", "updated")], await fixture.EventsAsync(scim.DirectoryId));
        using var other = await admin.PutAsJsonAsync($"/api/v1/directories/{Guid.NewGuid()}/search-attributes", new { attributes = (string[])[] });
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("title eq \"a\"", true)]
    [InlineData("title sw \"a\"", true)]
    [InlineData("roles eq \"a\"", true)]
    [InlineData("roles[value eq \"a\"]", true)]
    [InlineData("title co \"a\"", false)]
    [InlineData("not (title eq \"a\")", false)]
    [InlineData("nickName eq \"a\"", false)]
    public void The_index_narrows_what_it_can_and_never_decides(string filter, bool narrows)
    {
        var columns = FilterColumn.OfUsers([new(1, "title", true), new(2, "roles.value", true), new(3, "nickName", false)]);
        var sql = SqlFilter.Translate(FilterParser.Parse(filter, ResourceSchema.User), columns, reserved: 1);
        Assert.False(sql.IsExact);
        Assert.Equal(narrows, sql.Sql.Contains("user_lookups", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chosen_attribute_is_served_by_the_index_of_its_keys()
    {
        var scim = await fixture.DirectoryAsync();
        await scim.CreateUserAsync("first");
        await fixture.CopyUsersAsync(scim, 20_000);
        await using var owner = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        foreach (var sql in (string[])
            ["INSERT INTO user_lookups SELECT directory_id, 1, user_name_key, id FROM users WHERE directory_id = $1", "ANALYZE users", "ANALYZE user_lookups"])
        {
            await using var command = owner.CreateCommand(sql);
            if (sql.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = scim.DirectoryId });
            await command.ExecuteNonQueryAsync();
        }
        foreach (var filter in (string[])["title eq \"COPY7777\"", "title sw \"copy777\" and active eq true"])
        {
            var sql = SqlFilter.Translate(FilterParser.Parse(filter, ResourceSchema.User), FilterColumn.OfUsers([new(1, "title", true)]), reserved: 1);
            await using var explain = fixture.Db.CreateCommand($"EXPLAIN SELECT {UserRow.Columns} FROM users WHERE directory_id = $1 AND NOT removed AND {sql.Sql} ORDER BY scim_id");
            explain.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = scim.DirectoryId });
            sql.Bind(explain.Parameters);
            var plan = new List<string>();
            await using var reader = await explain.ExecuteReaderAsync();
            while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
            Assert.True(plan.Exists(line => line.Contains("user_lookups_pkey", StringComparison.Ordinal)) && !plan.Exists(line => line.Contains("Seq Scan", StringComparison.Ordinal)), string.Join('\n', plan));
        }
    }

    private Task<long> KeysAsync(ScimClient scim) => fixture.ScalarAsync<long>("SELECT count(*) FROM user_lookups WHERE directory_id = $1 AND slot > 0", scim.DirectoryId);
}
