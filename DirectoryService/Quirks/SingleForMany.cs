using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// One value where the schema has many. Some OneLogin templates: <code>"emails":{"value":"a@example.com","primary":true}</code>
/// and plain strings: <code>"roles":["admin"]</code>
/// </summary>
internal static class SingleForMany
{
    internal static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value)
    {
        if (!attribute.MultiValued || attribute.Type != AttributeType.Complex || value is null) return value;
        var elements = value as JsonArray ?? new JsonArray(value.DeepClone());
        if (elements.All(element => element?.GetValueKind() != JsonValueKind.String)) return elements;
        return new JsonArray([.. elements.Select(element =>
            element?.GetValueKind() == JsonValueKind.String ? new JsonObject { ["value"] = element.DeepClone() } : element?.DeepClone())]);
    }
}
