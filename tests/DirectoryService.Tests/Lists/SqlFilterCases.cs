using System.Net;
using System.Text.Json.Nodes;

namespace DirectoryService.Tests.Lists;

/// <summary>Cases/filters.json once more, asked of the running service: the database selects what memory selects.</summary>
public sealed class SqlFilterCases(DirectoryFixture fixture) : IAsyncLifetime
{
    private static readonly JsonObject File = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Protocol/Cases/filters.json")))!.AsObject();
    private ScimClient scim = null!;

    public async ValueTask InitializeAsync()
    {
        scim = await fixture.DirectoryAsync();
        foreach (var (_, document) in File["documents"]!.AsObject())
            (await scim.SendAsync("POST", "/Users", document!.ToJsonString())).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Every_case_selects_the_same_in_the_database()
    {
        var names = File["documents"]!.AsObject().ToDictionary(pair => pair.Value!["userName"]!.GetValue<string>(), pair => pair.Key);
        // An empty filter in a query string is none.
        Assert.All(File["cases"]!.AsArray().Where(one => one!["filter"]!.GetValue<string>().Length > 0), one => Check(one!, names).GetAwaiter().GetResult());
    }

    private async Task Check(JsonNode expected, Dictionary<string, string> names)
    {
        var answer = await scim.FilterAsync("Users", expected["filter"]!.GetValue<string>());
        if (expected["error"] is { } error)
        {
            answer.Refused(400, error.GetValue<string>());
            return;
        }
        var wanted = expected["matches"]!.AsArray().Select(name => name!.GetValue<string>()).Order().ToList();
        var found = answer.Expect(HttpStatusCode.OK).Body!["Resources"]!.AsArray().Select(user => names[user!["userName"]!.GetValue<string>()]).Order();
        Assert.Equal(wanted, found);
        Assert.Equal(wanted.Count, answer.Total);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
