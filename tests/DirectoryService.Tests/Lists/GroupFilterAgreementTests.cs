using System.Net;
using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Tests.Lists;

/// <summary>Random filters over random groups and their members, on the wire: the service lists whom memory selects among what it shows.</summary>
public sealed class GroupFilterAgreementTests(DirectoryFixture fixture, ITestOutputHelper output)
{
    private const int Groups = 24;
    private const int Filters = 200;

    private static readonly string[] Words = ["team", "TEAM", "Ａteam", "größe", "GRÖSSE", "zoe\u0308", "İzmir", "ızmir", "李", "Ωmega", "a%", "a_b", "\u212Aim"];
    private static readonly string[] Paths = ["displayName", "displayName", "externalId", "externalId", "id", "members", "members.value", "members.value", "members.display", "members.type", "members.$ref", "members.$ref", "meta.resourceType"];
    private static readonly string[] Operators = ["eq", "eq", "eq", "eq", "sw", "ne", "co", "ew", "gt", "le"];

    [Fact]
    public async Task The_database_and_memory_select_the_same_groups()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FILTER_SEED"), out var given) ? given : 4711;
        output.WriteLine($"FILTER_SEED={seed}");
        var random = new Random(seed);
        var scim = await fixture.DirectoryAsync();
        var users = new List<Guid>();
        for (var n = 0; n < 8; n++) users.Add(await scim.CreateUserAsync($"user{n}", $",\"displayName\":\"{Pick(random, Words)} {n}\""));
        for (var n = 0; n < Groups; n++) await CreateAsync(scim, random, users, n);
        var shown = (await scim.GetAsync("/Groups")).Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray().Select(group => group!.AsObject()).ToList();
        Assert.Equal(Groups, shown.Count);

        var selective = 0;
        for (var n = 0; n < Filters; n++)
        {
            var text = Expression(random, users, shown, depth: 3);
            Filter filter;
            try { filter = FilterParser.Parse(text, ResourceSchema.Group, LeniencyRegistry.All); }
            catch (ScimException) { continue; }
            var expected = shown.Where(group => FilterMatcher.Matches(filter, group)).Select(Id).ToList();
            var found = (await scim.FilterAsync("Groups", text)).Expect(HttpStatusCode.OK);
            Assert.True(expected.SequenceEqual(found.Body!["Resources"]!.AsArray().Select(group => Id(group!))) && found.Total == expected.Count,
                $"{text}: expected {expected.Count}, found {found.Total}");
            if (expected.Count is > 0 and < Groups) selective++;
        }
        Assert.True(selective > Filters / 5, $"Only {selective} filters told groups apart.");
    }

    private static async Task CreateAsync(ScimClient scim, Random random, List<Guid> users, int n)
    {
        var group = new JsonObject { ["displayName"] = $"{Pick(random, Words)}{n}" };
        if (n < Words.Length) group["externalId"] = Words[n]; // unique among live groups
        group["members"] = new JsonArray([.. users.Where(_ => random.Next(3) == 0).Select(user => new JsonObject { ["value"] = user.ToString() })]);
        (await scim.SendAsync("POST", "/Groups", group.ToJsonString())).Expect(HttpStatusCode.Created);
    }

    private static string Expression(Random random, List<Guid> users, List<JsonObject> shown, int depth)
    {
        return (depth == 0 ? 0 : random.Next(6)) switch
        {
            1 => $"{Again()} and {Again()}",
            2 => $"({Again()} or {Again()})",
            3 => $"not ({Again()})",
            4 => $"members[{Pick(random, ["value", "display", "type"])} {Pick(random, Operators)} {Value()}{(random.Next(2) == 0 ? "" : $" or not (value eq {Value()})")}]",
            _ => random.Next(8) == 0 ? $"{Pick(random, Paths)} pr" : $"{Pick(random, Paths)} {Pick(random, Operators)} {Value()}",
        };

        string Again() => Expression(random, users, shown, depth - 1);

        string Value() => random.Next(6) switch
        {
            0 => $"\"{users[random.Next(users.Count)]}\"",
            1 => shown.SelectMany(group => group["members"] as JsonArray ?? []).ToList() is { Count: > 0 } all ? $"\"{all[random.Next(all.Count)]!["$ref"]}\"" : "\"x\"",
            2 => $"\"{Id(shown[random.Next(shown.Count)])}\"",
            3 => "\"User\"",
            _ => JsonValue.Create(Pick(random, Words)).ToJsonString(),
        };
    }

    private static string Id(JsonNode group) => group["id"]!.GetValue<string>();

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
