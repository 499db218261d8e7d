using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Leniencies;

/// <summary>
/// A single value for a multi-valued attribute, and plain strings for complex values. Some OneLogin templates and JumpCloud:
/// <code>
/// "emails":{"value":"a@example.com","primary":true}
/// {"op":"add","path":"emails","value":{"value":"a@example.com"}}
/// </code>
/// Entra ID's app roles; the content of the string is not changed:
/// <code>"roles":["{\"id\":\"18d1…\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"]</code>
/// </summary>
internal static class SingleValueForMultiValued
{
    internal static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value)
    {
        if (!attribute.MultiValued || attribute.Type != AttributeType.Complex || value is null) return value;
        var elements = value as JsonArray;
        if (elements is not null && elements.All(element => element?.GetValueKind() != JsonValueKind.String)) return elements;
        if (value.GetValueKind() is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.String)) return value;
        LeniencyRegistry.RecordUse(nameof(SingleValueForMultiValued));
        return new JsonArray([.. (elements ?? [value.DeepClone()]).Select(element =>
            element?.GetValueKind() == JsonValueKind.String ? new JsonObject { ["value"] = element.DeepClone() } : element?.DeepClone())]);
    }
}
