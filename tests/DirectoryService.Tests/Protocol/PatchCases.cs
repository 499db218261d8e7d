using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Tests.Protocol;

/// <summary>Cases/patches.json: before, operations, after; or how it is refused. Of a directory of Entra ID, unless a provider is named. A new bug of an IdP is a new case.</summary>
public sealed class PatchCases
{
    private static readonly JsonArray File = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Protocol/Cases/patches.json")))!.AsArray();

    public static TheoryData<string> Names => [.. File.Select(one => one!["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_patch_does_what_its_case_says(string name)
    {
        var expected = File.Single(one => one!["name"]!.GetValue<string>() == name)!;
        if (expected["error"] is { } error)
        {
            var refused = Assert.Throws<ScimException>(() => Apply(expected));
            Assert.Equal((400, error.GetValue<string>()), (refused.Status, refused.ScimType));
            if (expected["detail"] is { } detail) Assert.Contains(detail.GetValue<string>(), refused.Message, StringComparison.Ordinal);
            return;
        }
        var after = Apply(expected);
        Assert.True(JsonNode.DeepEquals(expected["after"], after), $"Expected {expected["after"]!.ToJsonString()}, got {after.ToJsonString()}");
    }

    private static JsonObject Apply(JsonNode one)
    {
        var document = one["before"]!.DeepClone().AsObject();
        var operations = PatchRequest.Parse(new JsonObject { ["Operations"] = one["patch"]!.DeepClone() }, LeniencyRegistry.All);
        var applier = new PatchApplier(LeniencyRegistry.For(one["provider"]?.GetValue<string>() ?? "EntraId"));
        foreach (var operation in PatchFlattener.Flatten(ResourceSchema.User, one["id"]?.GetValue<string>() ?? "", operations, LeniencyRegistry.All))
            applier.Apply(document, operation);
        return document;
    }
}
