using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace DirectoryService.Tests.Protocol;

public sealed class PatchProperties
{
    private const int Many = 3_000;

    [Fact]
    public void What_a_patch_leaves_is_a_document_that_a_put_would_store_as_it_is() => Prop.ForAll(Arb.From(Sequences), operations =>
    {
        if (TryPatch(operations) is not { } after) return;
        var stored = new DocumentNormalizer(ResourceSchema.User, LeniencyPolicy.Strict).Normalize(after.DeepClone().AsObject());
        Assert.True(JsonNode.DeepEquals(after, stored), $"{after.ToJsonString()}\nwould be stored as\n{stored.ToJsonString()}");
    }).Holds(Many);

    [Fact]
    public void At_most_one_value_is_primary_whatever_is_sent() => Prop.ForAll(Arb.From(Sequences), operations =>
    {
        foreach (var (_, value) in TryPatch(operations) ?? [])
            Assert.True((value as JsonArray ?? []).Count(element => element is JsonObject one && one["primary"]?.GetValueKind() == System.Text.Json.JsonValueKind.True) <= 1);
    }).Holds(Many);

    [Fact]
    public void Set_twice_is_set_once() => Prop.ForAll(Arb.From(ProtocolGenerators.Operation), operation =>
    {
        if (TryPatch([operation]) is not { } once) return;
        // A filter may select other elements once the first operation has changed them.
        if (operation["path"]?.ToString().Contains('[', StringComparison.Ordinal) == true) return;
        Assert.True(JsonNode.DeepEquals(once, TryPatch([operation, operation])));
    }).Holds(Many);

    /// <summary>Attributes that only the service sets, in every spelling that leads to them.</summary>
    public static TheoryData<string> Forbidden =>
    [
        .. from target in new (string Path, string Value)[]
           {
               ("id", "\"x\""), ("meta", "{\"version\":\"x\"}"), ("meta.version", "\"x\""), ("meta.created", "\"2020-01-01T00:00:00Z\""), ("meta.resourceType", "\"x\""),
               ("groups", "[{\"value\":\"x\"}]"), ("groups.value", "\"x\""), ("groups[type eq \"direct\"]", "{\"value\":\"x\"}"), ("groups[type eq \"direct\"].value", "\"x\""),
               ("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName", "\"x\""), ("manager.displayName", "\"x\""),
           }
           from verb in new[] { "add", "replace", "remove" }
           from path in Spellings(target.Path)
           from operation in (string[])[Pathed(verb, path, target.Value), .. verb == "remove" ? [] : (string[])[PathLess(verb, path, target.Value)]]
           select operation,
        """{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"displayName":"x"}}}}""",
        """{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","value":{"MANAGER":{"DISPLAYNAME":"x"}}}""",
        """{"op":"add","path":"manager","value":[{"displayName":"x"}]}""",
        """{"op":"replace","value":{"urn:ietf:params:scim:schemas:core:2.0:User":{"id":"x"}}}""",
        """{"op":"replace","value":{"title":"fine","meta":{"version":"x"}}}""",
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Any_spelling_of_a_forbidden_change_is_refused(string operation) =>
        Assert.Equal("mutability", Assert.Throws<ScimException>(() => Patch([JsonNode.Parse(operation)!.AsObject()])).ScimType);

    [Theory]
    [InlineData("""{"op":"replace","path":"members[value eq \"ID\"].value","value":"11111111-1111-4111-8111-111111111111"}""")]
    [InlineData("""{"op":"replace","path":"members[value eq \"ID\"]","value":{"value":"11111111-1111-4111-8111-111111111111"}}""")]
    [InlineData("""{"op":"add","path":"members[value eq \"ID\"].type","value":"User"}""")]
    [InlineData("""{"op":"remove","path":"members[value eq \"ID\"].display"}""")]
    [InlineData("""{"op":"replace","path":"members.value","value":"11111111-1111-4111-8111-111111111111"}""")]
    [InlineData("""{"op":"replace","path":"MEMBERS.DISPLAY","value":"x"}""")]
    [InlineData("""{"op":"remove","path":"members.$ref"}""")]
    [InlineData("""{"op":"add","value":{"members.type":"User"}}""")]
    [InlineData("""{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:Group:members.value","value":"11111111-1111-4111-8111-111111111111"}""")]
    public void A_member_cannot_be_changed_in_place(string operation)
    {
        var sent = PatchRequest.Parse(new JsonObject { ["Operations"] = new JsonArray(JsonNode.Parse(operation.Replace("ID", Guid.Empty.ToString(), StringComparison.Ordinal))) }, LeniencyRegistry.All);
        var flat = PatchFlattener.Flatten(ResourceSchema.Group, "", sent, LeniencyRegistry.All).ToList();
        Assert.Equal("mutability", Assert.Throws<ScimException>(() => MembershipChange.Fold(flat, LeniencyRegistry.All)).ScimType);
    }

    private static IEnumerable<string> Spellings(string path)
    {
        yield return path;
        yield return path.ToUpperInvariant();
        if (path.StartsWith("urn:", StringComparison.Ordinal) || path.StartsWith("manager", StringComparison.Ordinal)) yield break;
        yield return $"urn:ietf:params:scim:schemas:core:2.0:User:{path}";
        yield return $"URN:IETF:params:SCIM:schemas:core:2.0:USER:{path}";
    }

    private static string Pathed(string verb, string path, string value) => $$"""{"op":"{{verb}}","path":{{JsonValue.Create(path).ToJsonString()}},"value":{{value}}}""";

    private static string PathLess(string verb, string path, string value) => $$"""{"op":"{{verb}}","value":{ {{JsonValue.Create(path).ToJsonString()}}:{{value}}} }""";

    private static Gen<List<JsonObject>> Sequences => Gen.Choose(1, 6).SelectMany(length => ProtocolGenerators.Operation.ListOf(length)).Select(list => list.ToList());

    private static JsonObject? TryPatch(IReadOnlyList<JsonObject> operations)
    {
        try { return Patch(operations); }
        catch (ScimException) { return null; }
    }

    private static JsonObject Patch(IReadOnlyList<JsonObject> operations)
    {
        var document = JsonNode.Parse("""
            {"userName":"u","emails":[{"type":"work","value":"a","primary":true},{"type":"home","value":"b"}],"urn:acme:2.0:User":{"badge":"7"},
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m"}}}
            """)!.AsObject();
        var sent = PatchRequest.Parse(new JsonObject { ["Operations"] = new JsonArray([.. operations.Select(operation => operation.DeepClone())]) }, LeniencyRegistry.All);
        foreach (var operation in PatchFlattener.Flatten(ResourceSchema.User, "me", sent, LeniencyRegistry.All)) new PatchApplier(LeniencyRegistry.All).Apply(document, operation);
        return document;
    }
}
