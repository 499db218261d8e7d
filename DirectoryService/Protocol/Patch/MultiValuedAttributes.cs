using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Adds, removes and merges elements of multi-valued attributes.</summary>
internal static class MultiValuedAttributes
{
    internal static IEnumerable<JsonObject> Elements(JsonObject container, AttributeDefinition attribute) =>
        (container[attribute.Name] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>Appends new elements. For an element that exists, the other sub-attributes of the request are merged into it.</summary>
    internal static void Add(JsonObject container, AttributeDefinition attribute, JsonArray added)
    {
        if (container[attribute.Name] is not JsonArray existing) container[attribute.Name] = existing = [];
        foreach (var element in added)
        {
            if (existing.FirstOrDefault(present => IsSame(present, element)) is not { } same) existing.Add(element!.DeepClone());
            else if (same is JsonObject complex && element is JsonObject said) PatchApplier.Merge(complex, said);
        }
    }

    /// <summary>
    /// Merges duplicates: a value occurs once per type (RFC 7643 §2.4). The first element gets the sub-attributes of the
    /// others.
    /// </summary>
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
                var primary = PrimaryValueRule.IsPrimary(first) || PrimaryValueRule.IsPrimary(repeated);
                PatchApplier.Merge(first, repeated);
                if (primary) first["primary"] = true;
            }
            elements.RemoveAt(i--);
        }
    }

    /// <summary>Removes the elements that match a listed element in all sub-attributes given there.</summary>
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

    /// <summary>Removes elements that have only a type left after their <c>value</c> was removed.</summary>
    internal static void RemoveEmpty(JsonObject container, AttributeDefinition attribute)
    {
        if (container[attribute.Name] is not JsonArray elements) return;
        for (var i = elements.Count - 1; i >= 0; i--)
            if (elements[i] is JsonObject element && element.All(pair => pair.Key is "type" or "primary")) elements.RemoveAt(i);
        if (elements.Count == 0) container.Remove(attribute.Name);
    }

    private static bool IsSame(JsonNode? left, JsonNode? right) => left is not null && right is not null && Identity(left) == Identity(right);

    /// <summary>
    /// The identity of an element: value and type; without a value (an address) all sub-attributes except <c>primary</c>.
    /// Values are compared exactly, although most are not caseExact, because merging two spellings would lose a value that an
    /// IdP compares.
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
