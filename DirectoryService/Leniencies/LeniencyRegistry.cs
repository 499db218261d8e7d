using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Leniencies;

/// <summary>
/// All leniencies: requests of IdPs that violate the RFC and are accepted. Each has a file with the captured request. Each use
/// is counted, so that an operator sees which leniencies a tenant needs.
/// </summary>
internal static class LeniencyRegistry
{
    internal const string Meter = "Provisioning.DirectoryService.Scim";
    internal const string Counter = "provisioning.scim.leniencies";

    private static readonly Counter<long> Uses = new Meter(Meter).CreateCounter<long>(
        Counter, "{use}", "Requests that were understood although the RFC does not have them, by the leniency's name.");

    /// <summary>The leniencies granted to a provider. Only Entra ID gets the one that creates missing elements.</summary>
    internal static LeniencyPolicy For(string provider) => provider == "EntraId" ? All : Common;

    internal static readonly LeniencyPolicy All = new()
    {
        Value = Apply,
        Name = ManagerWithoutUrn.Path,
        Literal = (attribute, value) => UnquotedValues.Apply(StringBooleans.Apply(attribute, value)),
        ComparisonAfterValuePath = ComparisonAfterValuePath.Use,
        Verb = CapitalizedOperationNames.Apply,
        PathAsKey = PathsAsValueKeys.Use,
        OwnId = ResourceIdInPatch.Use,
        MissingElement = ReplaceOfMissingElement.Make,
        ListedRemoval = RemoveByValueList.Use,
    };

    private static readonly LeniencyPolicy Common = All with { MissingElement = LeniencyPolicy.Strict.MissingElement };

    internal static void RecordUse(string leniency) => Uses.Add(1, new KeyValuePair<string, object?>("scim.leniency", leniency));

    private static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value) =>
        SingleValueForMultiValued.Apply(attribute, StringBooleans.Apply(attribute, ManagerValueForms.Apply(attribute, value)));
}
