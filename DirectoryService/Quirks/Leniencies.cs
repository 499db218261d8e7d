using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// What IdPs send against the RFC and mean all the same, one file each, with the request. Each use is counted, so that an
/// operator sees what a tenant relies on.
/// </summary>
internal static class Leniencies
{
    internal const string Meter = "Provisioning.DirectoryService.Scim";
    internal const string Counter = "provisioning.scim.leniencies";

    private static readonly Counter<long> Uses = new Meter(Meter).CreateCounter<long>(
        Counter, "{use}", "Requests that were understood although the RFC does not have them, by the leniency's name.");

    /// <summary>For a provider: what makes elements that are missing only for the one that relies on it.</summary>
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
