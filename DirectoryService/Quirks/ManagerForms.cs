using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// The manager in Entra ID's forms; the answer is always the RFC's object:
/// <code>
/// {"op":"Add","path":"manager","value":[{"$ref":null,"value":"2819c223"}]}
/// {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":"2819c223"}
/// {"op":"Replace","path":"urn:…:enterprise:2.0:User:manager","value":""}      clears it
/// </code>
/// and OneLogin's <c>{"managerId":"2819c223"}</c>.
/// </summary>
internal static class ManagerForms
{
    internal static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value)
    {
        if (attribute.Name != "manager") return value;
        return value switch
        {
            JsonArray { Count: 0 } => null,
            JsonArray array => Apply(attribute, array[0]?.DeepClone()),
            JsonValue text when text.GetValueKind() == JsonValueKind.String =>
                text.GetValue<string>() is { Length: > 0 } id ? new JsonObject { ["value"] = id } : null,
            JsonObject { Count: 1 } managed when managed["managerId"] is { } id => new JsonObject { ["value"] = id.DeepClone() },
            _ => value,
        };
    }
}
