using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// Booleans as strings. Entra ID without <c>aadOptscim062020</c>:
/// <code>{"op":"Replace","path":"active","value":"False"}</code>
/// and some OneLogin templates: <code>"active":"true"</code>
/// </summary>
internal static class StringBooleans
{
    internal static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value) =>
        attribute.Type == AttributeType.Boolean && value?.GetValueKind() == JsonValueKind.String
        && bool.TryParse(value.GetValue<string>(), out var flag)
            ? JsonValue.Create(flag)
            : value;
}
