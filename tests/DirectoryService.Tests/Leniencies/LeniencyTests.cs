using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Tests.Leniencies;

/// <summary>Each leniency is counted under its name where it is used, and not where the request is as the RFC has it.</summary>
public sealed class LeniencyTests
{
    public static TheoryData<string, string> Requests => new()
    {
        { "ManagerWithoutUrn", """{"op":"add","path":"manager","value":{"value":"m"}}""" },
        { "CapitalizedOperationNames", """{"op":"Replace","path":"title","value":"t"}""" },
        { "RemoveByValueList", """{"op":"remove","path":"emails","value":[{"value":"a"}]}""" },
        { "ManagerValueForms", """{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"m"}""" },
        { "ManagerValueForms", """{"op":"add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":{"managerId":"m"}}""" },
        { "ReplaceOfMissingElement", """{"op":"replace","path":"emails[type eq \"home\"].value","value":"a"}""" },
        { "ResourceIdInPatch", """{"op":"replace","value":{"id":"me","title":"t"}}""" },
        { "PathsAsValueKeys", """{"op":"replace","value":{"name.givenName":"g"}}""" },
        { "PathsAsValueKeys", """{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"d"}}""" },
        { "SingleValueForMultiValued", """{"op":"add","path":"emails","value":{"value":"a"}}""" },
        { "SingleValueForMultiValued", """{"op":"add","path":"roles","value":["a"]}""" },
        { "StringBooleans", """{"op":"replace","path":"active","value":"False"}""" },
        { "StringBooleans", """{"op":"remove","path":"emails[primary eq \"True\"]"}""" },
        { "UnquotedValues", """{"op":"remove","path":"emails[type eq work]"}""" },
    };

    public static TheoryData<string, string> Filters => new()
    {
        { "ManagerWithoutUrn", "manager eq \"m\"" },
        { "ComparisonAfterValuePath", "emails[type eq \"work\"].value eq \"a\"" },
        { "StringBooleans", "active eq \"True\"" },
        { "UnquotedValues", "externalId eq jyoung" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_leniency_in_a_PATCH_is_counted_once_and_by_name(string leniency, string operation) =>
        Assert.Equal([leniency], Uses(() => Patch(operation, LeniencyRegistry.All)));

    [Theory]
    [MemberData(nameof(Filters))]
    public void A_leniency_in_a_filter_is_counted_once_and_by_name(string leniency, string filter) =>
        Assert.Equal([leniency], Uses(() => FilterParser.Parse(filter, ResourceSchema.User, LeniencyRegistry.All)));

    [Theory]
    [InlineData("""{"op":"replace","path":"active","value":false}""")]
    [InlineData("""{"op":"add","value":{"title":"t","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m"}}}}""")]
    [InlineData("""{"op":"add","path":"emails","value":[{"value":"a","primary":true}]}""")]
    [InlineData("""{"op":"remove","path":"emails[type eq \"work\" and primary eq true]"}""")]
    public void What_the_RFC_has_counts_as_none(string operation)
    {
        Assert.Empty(Uses(() => Patch(operation, LeniencyRegistry.All)));
        Patch(operation, LeniencyPolicy.Strict);
    }

    /// <summary>So that the table of leniencies is whole: what is refused without them is accepted with them.</summary>
    [Theory]
    [MemberData(nameof(Requests))]
    public void Without_leniencies_it_is_refused_or_means_something_else(string leniency, string operation)
    {
        Assert.NotEmpty(leniency);
        var meant = Patch(operation, LeniencyRegistry.All);
        JsonObject? strict = null;
        var refused = Record.Exception(() => strict = Patch(operation, LeniencyPolicy.Strict));
        Assert.True(refused is null or ScimException, refused?.ToString());
        Assert.True(strict is null || !JsonNode.DeepEquals(strict, meant) || leniency == "StringBooleans", operation);
    }

    private static JsonObject Patch(string operation, LeniencyPolicy tolerance)
    {
        var document = JsonNode.Parse("""{"userName":"u","emails":[{"type":"work","value":"a","primary":true},{"type":"other","value":"b"}]}""")!.AsObject();
        var sent = PatchRequest.Parse(new JsonObject { ["Operations"] = new JsonArray(JsonNode.Parse(operation)) }, tolerance);
        foreach (var one in PatchFlattener.Flatten(ResourceSchema.User, "me", sent, tolerance)) new PatchApplier(tolerance).Apply(document, one);
        return document;
    }

    private static List<string> Uses(Action request)
    {
        var thread = Environment.CurrentManagedThreadId;
        var names = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, to) => { if (instrument.Meter.Name == LeniencyRegistry.Meter && instrument.Name == LeniencyRegistry.Counter) to.EnableMeasurementEvents(instrument); };
        // Other tests are lenient at the same time, on other threads.
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => { if (Environment.CurrentManagedThreadId == thread) names.Add((string)tags[0].Value!); });
        listener.Start();
        request();
        return names;
    }
}
