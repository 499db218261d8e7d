using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Schemas;

/// <summary>Normalizes values of an extension without a schema: any JSON except null, which means absent (RFC 7643 §2.5).</summary>
internal static class UnknownExtensionValues
{
    /// <summary>A copy without nulls and empty objects and arrays; null when nothing is left.</summary>
    internal static JsonNode? Clean(JsonNode? value)
    {
        switch (value)
        {
            case JsonObject complex:
                var kept = new JsonObject();
                foreach (var (name, inner) in complex)
                {
                    if (Clean(inner) is not { } clean) continue;
                    if (kept.Any(pair => AttributeDefinition.NameEquals(pair.Key, name))) throw ScimException.InvalidSyntax($"'{name}' is given twice; send it once.");
                    kept.Add(name, clean);
                }
                return kept.Count == 0 ? null : kept;
            case JsonArray several:
                var elements = new JsonArray([.. several.Select(Clean).Where(element => element is not null)]);
                return elements.Count == 0 ? null : elements;
            default:
                return value?.DeepClone();
        }
    }
}
