using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Enforces that at most one value of an attribute is primary: a value that an operation makes primary replaces the former one
/// (RFC 7644 §3.5.2). An operation that makes several values primary is refused, because it is ambiguous.
/// </summary>
internal static class PrimaryValueRule
{
    internal static HashSet<JsonNode> Of(JsonObject container, AttributeDefinition attribute) => attribute.MultiValued
        ? [.. MultiValuedAttributes.Elements(container, attribute).Where(IsPrimary)]
        : [];

    /// <param name="before">The elements that were primary before the operation.</param>
    internal static void Settle(JsonObject container, AttributeDefinition attribute, HashSet<JsonNode> before)
    {
        var now = Of(container, attribute);
        if (now.Count < 2) return;
        var made = now.Where(element => !before.Contains(element)).ToList();
        if (made.Count != 1) throw ScimException.InvalidValue($"'{attribute.Name}' would have more than one primary value; say by a filter which one it is.");
        foreach (var element in now.Where(element => element != made[0])) element["primary"] = false;
    }

    internal static bool IsPrimary(JsonNode? element) => element is JsonObject complex && complex["primary"]?.GetValueKind() == JsonValueKind.True;
}
