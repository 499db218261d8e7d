using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// All leniencies: requests of IdPs that violate the RFC and are accepted. Each has a file with the captured request. Each use
/// is counted, so that an operator sees which leniencies a tenant needs.
/// </summary>
internal static class Leniencies
{
    internal const string Meter = "Provisioning.DirectoryService.Scim";
    internal const string Counter = "provisioning.scim.leniencies";

    private static readonly Counter<long> Uses = new Meter(Meter).CreateCounter<long>(
        Counter, "{use}", "Requests that were understood although the RFC does not have them, by the leniency's name.");

    /// <summary>The leniencies granted to a provider. Only Entra ID gets the one that creates missing elements.</summary>
    internal static Tolerance For(string provider) => provider == "EntraId" ? All : Common;

    internal static readonly Tolerance All = new()
    {
        Value = Apply,
        Name = BareManager.Path,
        Literal = (attribute, value) => UnquotedValues.Apply(StringBooleans.Apply(attribute, value)),
        ComparisonBehindValuePath = ComparisonBehindValuePath.Use,
        Verb = CapitalOperations.Apply,
        PathAsKey = PathsAsKeys.Use,
        OwnId = OwnIdInPatch.Use,
        MissingElement = MissingElements.Make,
        ListedRemoval = ListedRemovals.Use,
    };

    private static readonly Tolerance Common = All with { MissingElement = Tolerance.Strict.MissingElement };

    internal static void Used(string leniency) => Uses.Add(1, new KeyValuePair<string, object?>("scim.leniency", leniency));

    private static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value) =>
        SingleForMany.Apply(attribute, StringBooleans.Apply(attribute, ManagerForms.Apply(attribute, value)));
}
