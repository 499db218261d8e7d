using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// What IdPs send against the RFC and mean all the same, one file each. They rewrite values before the protocol sees them.
/// </summary>
internal static class Leniencies
{
    internal static readonly ValueNormalizer Values = new(Apply);

    private static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value) =>
        SingleForMany.Apply(attribute, StringBooleans.Apply(attribute, ManagerForms.Apply(attribute, value)));
}
