using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Operations on the elements of a multi-valued attribute.</summary>
internal static class MultiValues
{
    internal static IEnumerable<JsonObject> Elements(JsonObject container, AttributeDefinition attribute) =>
        (container[attribute.Name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Appends what is not there yet; an added <c>primary: true</c> clears the others (RFC 7644 §3.5.2).</summary>
    internal static void Add(JsonObject container, AttributeDefinition attribute, JsonArray added)
    {
        if (container[attribute.Name] is not JsonArray existing) container[attribute.Name] = existing = [];
        foreach (var element in added)
        {
            if (existing.Any(present => JsonNode.DeepEquals(present, element))) continue;
            if (IsPrimary(element)) ClearPrimary(existing);
            existing.Add(element!.DeepClone());
        }
    }

    /// <summary>Removes the listed values: equal elements, or those whose <c>value</c> is listed.</summary>
    internal static void Remove(JsonObject container, AttributeDefinition attribute, JsonNode? listed)
    {
        if (container[attribute.Name] is not JsonArray existing || listed is not JsonArray values) return;
        foreach (var value in values)
        {
            for (var i = existing.Count - 1; i >= 0; i--)
                if (IsListed(existing[i], value)) existing.RemoveAt(i);
        }
        if (existing.Count == 0) container.Remove(attribute.Name);
    }

    private static bool IsListed(JsonNode? element, JsonNode? listed) =>
        JsonNode.DeepEquals(element, listed)
        || (element is JsonObject present && listed is JsonObject { Count: 1 } wanted && wanted["value"] is { } value
            && JsonNode.DeepEquals(present["value"], value));

    internal static void ClearPrimary(JsonArray elements)
    {
        foreach (var element in elements.OfType<JsonObject>())
            if (IsPrimary(element)) element["primary"] = false;
    }

    internal static bool IsPrimary(JsonNode? element) =>
        element is JsonObject complex && complex["primary"]?.GetValueKind() == JsonValueKind.True;
}
