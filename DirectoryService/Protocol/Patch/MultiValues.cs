using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Operations on the elements of a multi-valued attribute.</summary>
internal static class MultiValues
{
    internal static IEnumerable<JsonObject> Elements(JsonObject container, AttributeDefinition attribute) =>
        (container[attribute.Name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Appends what is not there yet; of what is there, the rest of what is said of it is taken over.</summary>
    internal static void Add(JsonObject container, AttributeDefinition attribute, JsonArray added)
    {
        if (container[attribute.Name] is not JsonArray existing) container[attribute.Name] = existing = [];
        foreach (var element in added)
        {
            if (existing.FirstOrDefault(present => IsSame(present, element)) is not { } same) existing.Add(element!.DeepClone());
            else if (same is JsonObject complex && element is JsonObject said) PatchApplier.Merge(complex, said);
        }
    }

    /// <summary>A value stands once with each type (RFC 7643 §2.4): the first of equals takes over what the others say.</summary>
    internal static void Collapse(JsonObject container, AttributeDefinition attribute)
    {
        if (attribute.MultiValued && container[attribute.Name] is JsonArray elements) Collapse(elements);
    }

    /// <summary>The same for the elements themselves.</summary>
    internal static void Collapse(JsonArray elements)
    {
        if (elements.Count < 2) return;
        var seen = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i] is not { } element || seen.TryAdd(Identity(element), element)) continue;
            if (element is JsonObject repeated && seen[Identity(element)] is JsonObject first)
            {
                var primary = OnePrimary.IsPrimary(first) || OnePrimary.IsPrimary(repeated);
                PatchApplier.Merge(first, repeated);
                if (primary) first["primary"] = true;
            }
            elements.RemoveAt(i--);
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

    private static bool IsSame(JsonNode? left, JsonNode? right) => left is not null && right is not null && Identity(left) == Identity(right);

    /// <summary>
    /// By which elements are told apart: value and type; what has no value (an address), by all it says but <c>primary</c>. Values
    /// compare exactly, though most are not caseExact: to fold two spellings into one would lose what an IdP compares.
    /// </summary>
    private static string Identity(JsonNode element) => element switch
    {
        JsonObject { } complex when complex["value"] is { } value => $"{complex["type"]?.ToString().ToLowerInvariant()}\n{value.ToJsonString()}",
        JsonObject complex => string.Join('\n', complex.Where(pair => pair.Key != "primary").OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key} {pair.Value?.ToJsonString()}")),
        _ => element.ToJsonString(),
    };

    private static bool IsListed(JsonNode? element, JsonNode? listed) => element is JsonObject present && listed is JsonObject wanted
        ? wanted.All(pair => JsonNode.DeepEquals(present[pair.Key], pair.Value))
        : JsonNode.DeepEquals(element, listed);
}
