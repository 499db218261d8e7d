using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Operations on the elements of a multi-valued attribute.</summary>
internal static class MultiValues
{
    internal static IEnumerable<JsonObject> Elements(JsonObject container, AttributeDefinition attribute) =>
        (container[attribute.Name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Appends what is not there yet; what differs only in <c>primary</c> is there, and becomes or ceases to be primary.</summary>
    internal static void Add(JsonObject container, AttributeDefinition attribute, JsonArray added)
    {
        if (container[attribute.Name] is not JsonArray existing) container[attribute.Name] = existing = [];
        foreach (var element in added)
        {
            if (existing.FirstOrDefault(present => IsSame(present, element)) is not { } same) existing.Add(element!.DeepClone());
            else if (element is JsonObject { } said && said["primary"] is { } primary && OnePrimary.IsPrimary(same) != OnePrimary.IsPrimary(element))
                same["primary"] = primary.DeepClone();
        }
    }

    /// <summary>Removes the listed values: those of which an element of the list says nothing that is not so.</summary>
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

    /// <summary>An element that has lost its <c>value</c> and says nothing but its type is no value any more.</summary>
    internal static void RemoveEmpty(JsonObject container, AttributeDefinition attribute)
    {
        if (container[attribute.Name] is not JsonArray elements) return;
        for (var i = elements.Count - 1; i >= 0; i--)
            if (elements[i] is JsonObject element && element.All(pair => pair.Key is "type" or "primary")) elements.RemoveAt(i);
        if (elements.Count == 0) container.Remove(attribute.Name);
    }

    private static bool IsSame(JsonNode? left, JsonNode? right) => left is JsonObject one && right is JsonObject other
        ? JsonNode.DeepEquals(WithoutPrimary(one), WithoutPrimary(other))
        : JsonNode.DeepEquals(left, right);

    private static JsonObject WithoutPrimary(JsonObject element) =>
        new(element.Where(pair => pair.Key != "primary").Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    private static bool IsListed(JsonNode? element, JsonNode? listed) => element is JsonObject present && listed is JsonObject wanted
        ? wanted.All(pair => JsonNode.DeepEquals(present[pair.Key], pair.Value))
        : JsonNode.DeepEquals(element, listed);
}
