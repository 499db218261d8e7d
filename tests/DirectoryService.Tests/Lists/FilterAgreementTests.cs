using System.Net;
using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Lists;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;

namespace DirectoryService.Tests.Lists;

/// <summary>Random filters over random users: the conditions that go to the database never lose a row that memory selects.</summary>
public sealed class FilterAgreementTests(DirectoryFixture fixture, ITestOutputHelper output)
{
    private const int Users = 60;
    private const int Filters = 300;

    private static readonly string[] Words = ["ada", "ADA", "Ada L", "zoë", "ZOE\u0308", "İda", "ıda", "straße", "STRASSE", "a%", "a_a", "\u212Aim", "ｆｕｌｌ", " x ", "10"];
    private static readonly string[] Paths =
    [
        // Those that columns answer stand here more than once.
        "userName", "userName", "externalId", "externalId", "displayName", "displayName", "active", "active", "emails.value", "title", "id", "name.givenName", "emails", "emails.value", "emails.type", "emails.primary",
        "meta.created", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ];
    private static readonly string[] Operators = ["eq", "eq", "eq", "eq", "sw", "sw", "ne", "co", "ew", "gt", "ge", "lt", "le"];

    [Fact]
    public async Task The_database_and_memory_select_the_same_users()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FILTER_SEED"), out var given) ? given : 4711;
        output.WriteLine($"FILTER_SEED={seed}");
        var random = new Random(seed);
        var scim = await fixture.DirectoryAsync();
        for (var n = 0; n < Users; n++)
            (await scim.SendAsync("POST", "/Users", Document(random, n).ToJsonString())).Expect(HttpStatusCode.Created);

        var source = UserEndpoints.Source(scim.BaseUrl);
        var all = await ListAsync(source, scim, null);
        Assert.Equal(Users, all.Items.Count);
        var narrowed = 0;
        for (var n = 0; n < Filters; n++)
        {
            var text = Expression(random, depth: 3);
            Filter filter;
            try { filter = FilterParser.Parse(text, ResourceSchema.User, LeniencyRegistry.All); }
            catch (DirectoryService.Protocol.ScimException) { continue; } // such as active gt true
            var found = await ListAsync(source, scim, filter);
            var expected = all.Items.Where(user => FilterMatcher.Matches(filter, source.Show(user))).Select(user => user.ScimId).ToList();
            Assert.True(expected.SequenceEqual(found.Items.Select(user => user.ScimId)) && found.Total == expected.Count, $"{text}: expected {expected.Count}, found {found.Total}");
            if (SqlFilter.Translate(filter, source.FilterColumns, 1).Sql.Contains('$', StringComparison.Ordinal)) narrowed++;
        }
        Assert.True(narrowed > Filters / 15, $"Only {narrowed} filters put a condition to the database.");
    }

    private Task<Page<UserRow>> ListAsync(ListSource<UserRow> source, ScimClient scim, Filter? filter) => ResourceListQuery.ReadAsync(
        fixture.Db, source, scim.DirectoryId, new ListQuery(filter, null, false, new PageRequest(0, 1_000), null), TestContext.Current.CancellationToken);

    private static JsonObject Document(Random random, int n)
    {
        var document = new JsonObject { ["userName"] = $"{Word(random)}{n}", ["active"] = random.Next(3) > 0 };
        if (random.Next(2) == 0) document["displayName"] = Word(random);
        if (random.Next(2) == 0) document["externalId"] = Word(random);
        if (random.Next(2) == 0) document["title"] = Word(random);
        if (random.Next(2) == 0) document["name"] = new JsonObject { ["givenName"] = Word(random) };
        if (random.Next(2) == 0) document["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] = new JsonObject { ["department"] = Word(random) };
        if (random.Next(2) == 0)
            document["emails"] = new JsonArray(
                new JsonObject { ["type"] = "work", ["value"] = Word(random), ["primary"] = true }, new JsonObject { ["type"] = "home", ["value"] = Word(random) });
        return document;
    }

    private static string Expression(Random random, int depth) => (depth == 0 ? 0 : random.Next(6)) switch
    {
        1 => $"{Expression(random, depth - 1)} and {Expression(random, depth - 1)}",
        2 => $"({Expression(random, depth - 1)} or {Expression(random, depth - 1)})",
        3 => $"not ({Expression(random, depth - 1)})",
        4 => $"emails[{Element(random)}{(random.Next(2) == 0 ? "" : (random.Next(2) == 0 ? " and " : " or ") + Element(random))}]",
        5 => $"emails[type eq \"work\"].value {Pick(random, Operators)} {Value(random)}",
        _ => random.Next(6) == 0 ? $"{Pick(random, Paths)} pr" : $"{Pick(random, Paths)} {Pick(random, Operators)} {Value(random)}",
    };

    private static string Element(Random random) =>
        $"{(random.Next(4) == 0 ? "not (" : "(")}{Pick(random, ["type", "value", "primary"])} {Pick(random, Operators)} {(random.Next(3) == 0 ? "\"work\"" : Value(random))})";

    private static string Value(Random random) => random.Next(8) switch
    {
        0 => "true",
        1 => "null",
        2 => "\"2026-01-01T00:00:00Z\"",
        _ => JsonValue.Create(Word(random)).ToJsonString(),
    };

    private static string Word(Random random) => Pick(random, Words);

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
