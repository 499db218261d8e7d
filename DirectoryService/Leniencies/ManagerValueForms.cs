using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Leniencies;

/// <summary>
/// Forms in which Entra ID sends the manager; responses always have the RFC's object:
/// <code>
/// {"op":"Add","path":"manager","value":[{"$ref":null,"value":"2819c223"}]}
/// {"op":"Add","path":"urn:…:enterprise:2.0:User:manager","value":"2819c223"}
/// {"op":"Replace","path":"urn:…:enterprise:2.0:User:manager","value":""}      clears it
/// </code>
/// and OneLogin's <c>"manager":{"managerId":"2819c223"}</c>.
/// </summary>
internal static class ManagerValueForms
{
    internal static JsonNode? Apply(AttributeDefinition attribute, JsonNode? value)
    {
        if (attribute.Name != "manager") return value;
        var meant = ToReference(value);
        if (meant != value) LeniencyRegistry.RecordUse(nameof(ManagerValueForms));
        return meant;
    }

    private static JsonNode? ToReference(JsonNode? value) => value switch
    {
        JsonArray { Count: 0 } => null,
        JsonArray array => ToReference(array[0])?.DeepClone(),
        JsonValue text when text.GetValueKind() == JsonValueKind.String =>
            text.GetValue<string>() is { Length: > 0 } id ? new JsonObject { ["value"] = id } : null,
        JsonObject manager when !Has(manager, "value") && Has(manager, "managerId") => Renamed(manager),
        JsonObject manager when manager.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, "value")).Value is JsonValue id
            && id.GetValueKind() == JsonValueKind.String && id.GetValue<string>().Length == 0 => null,
        _ => value,
    };

    private static bool Has(JsonObject manager, string name) => manager.Any(pair => AttributeDefinition.NameEquals(pair.Key, name));

    private static JsonObject Renamed(JsonObject manager) => new(manager.Select(pair =>
        KeyValuePair.Create(AttributeDefinition.NameEquals(pair.Key, "managerId") ? "value" : pair.Key, pair.Value?.DeepClone())));
}
