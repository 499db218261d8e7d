using System.Text;
using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Tests.Protocol;

/// <summary>Cases/filters.json: a filter and whom it matches, or how it is refused. Add a line for a new case.</summary>
public sealed class FilterCases
{
    private static readonly JsonObject File = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Protocol/Cases/filters.json")))!.AsObject();

    internal static JsonObject Documents => File["documents"]!.AsObject();

    public static TheoryData<string> Filters => [.. File["cases"]!.AsArray().Select(one => one!["filter"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_filter_selects_what_its_case_says(string filter)
    {
        var expected = File["cases"]!.AsArray().Single(one => one!["filter"]!.GetValue<string>() == filter)!;
        if (expected["error"] is { } error)
        {
            var refused = Assert.Throws<ScimException>(() => FilterParser.Parse(filter, ResourceSchema.User, LeniencyRegistry.All));
            Assert.Equal((400, error.GetValue<string>()), (refused.Status, refused.ScimType));
            if (expected["detail"] is { } detail) Assert.Contains(detail.GetValue<string>(), refused.Message, StringComparison.Ordinal);
            return;
        }
        var parsed = FilterParser.Parse(filter, ResourceSchema.User, LeniencyRegistry.All);
        Assert.Equal(
            expected["matches"]!.AsArray().Select(name => name!.GetValue<string>()),
            File["documents"]!.AsObject().Where(pair => FilterMatcher.Matches(parsed, pair.Value!.AsObject())).Select(pair => pair.Key));
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("not(", 100_000)]
    [InlineData("emails[", 100_000)]
    [InlineData("(", 400)]
    [InlineData("userName pr and ", 110)]
    public void Nesting_and_length_are_refused_at_once(string piece, int times)
    {
        var filter = new StringBuilder().Insert(0, piece, times).Append("userName pr").ToString();
        Assert.Equal("invalidFilter", Assert.Throws<ScimException>(() => FilterParser.Parse(filter, ResourceSchema.User, LeniencyRegistry.All)).ScimType);
    }
}
