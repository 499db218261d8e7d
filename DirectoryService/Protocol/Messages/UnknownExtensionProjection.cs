using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;

namespace DirectoryService.Protocol.Messages;

/// <summary><c>attributes</c> and <c>excludedAttributes</c> of an extension without a schema.</summary>
internal static class UnknownExtensionProjection
{
    internal static void Remove(JsonObject document, string text)
    {
        var (urn, names) = UnknownExtensionPath.In(document, text);
        if (names.Count == 0) document.Remove(urn);
        else RemoveWithin(document[urn], names);
    }

    internal static void Copy(JsonObject from, JsonObject to, string text)
    {
        var (urn, names) = UnknownExtensionPath.In(from, text);
        if (from[urn] is not JsonObject extension || Part(extension, names) is not { } part) return;
        if (to[urn] is JsonObject present && part is JsonObject more) Merge(present, more);
        else to[urn] = part;
    }

    private static void RemoveWithin(JsonNode? node, IReadOnlyList<string> names)
    {
        if (node is JsonArray several) { foreach (var element in several) RemoveWithin(element, names); return; }
        if (node is not JsonObject container) return;
        var (name, value) = UnknownExtensionPath.Find(container, names[0]);
        if (names.Count == 1) container.Remove(name);
        else RemoveWithin(value, [.. names.Skip(1)]);
    }

    /// <summary>A copy of the named part, inside copies of its containers.</summary>
    private static JsonNode? Part(JsonNode? node, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return node?.DeepClone();
        if (node is JsonArray several)
            return several.Select(element => Part(element, names)).Where(part => part is not null).ToArray() is { Length: > 0 } parts ? new JsonArray(parts) : null;
        if (node is not JsonObject container) return null;
        var (name, value) = UnknownExtensionPath.Find(container, names[0]);
        return Part(value, [.. names.Skip(1)]) is { } part ? new JsonObject { [name] = part } : null;
    }

    private static void Merge(JsonObject target, JsonObject more)
    {
        foreach (var (name, value) in more)
        {
            if (target[name] is JsonObject present && value is JsonObject inner) Merge(present, inner);
            else target[name] = value?.DeepClone();
        }
    }
}
