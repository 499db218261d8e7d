using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Leniencies;

/// <summary>
/// Booleans as strings. Entra ID without <c>aadOptscim062020</c>:
/// <code>
/// {"op":"Replace","path":"active","value":"False"}
/// {"op":"Replace","path":"roles[primary eq \"True\"].value","value":"…"}
/// </code>
/// and some OneLogin templates: <code>"active":"true"</code>
/// </summary>
internal static class StringBooleans
{
    internal static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value)
    {
        if (attribute.Type != AttributeType.Boolean || value?.GetValueKind() != JsonValueKind.String || !bool.TryParse(value.GetValue<string>(), out var flag))
            return value;
        LeniencyRegistry.RecordUse(nameof(StringBooleans));
        return JsonValue.Create(flag);
    }

    internal static FilterValue Apply(AttributeDefinition? attribute, FilterValue value)
    {
        if (attribute is not { Type: AttributeType.Boolean } || value.Kind != FilterValueKind.String || !bool.TryParse(value.Text, out var flag)) return value;
        LeniencyRegistry.RecordUse(nameof(StringBooleans));
        return new FilterValue(FilterValueKind.Boolean, flag ? "true" : "false");
    }
}
