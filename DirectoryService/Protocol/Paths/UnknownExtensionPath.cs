using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Paths;

/// <summary>
/// A path into an extension without a schema: <c>urn:ietf:params:scim:schemas:extension:Acme:2.0:User:badge.colour</c>.
/// The end of the URN is found by the extensions of the document. If it has no such extension yet, the URN ends with the name
/// of a resource type or a version, by convention.
/// </summary>
/// <param name="Urn">URN in the document's spelling, if the document has it.</param>
/// <param name="Names">Empty for the whole extension; otherwise an attribute and optionally a sub-attribute.</param>
internal readonly record struct UnknownExtensionPath(string Urn, IReadOnlyList<string> Names)
{
    internal static UnknownExtensionPath In(JsonObject document, string text)
    {
        var owner = document.Where(pair => pair.Value is JsonObject && Owns(pair.Key, text)).Select(pair => pair.Key).MaxBy(key => key.Length);
        var end = owner?.Length ?? (EndsInName(text) ? text.LastIndexOf(':') : text.Length);
        return new(owner ?? text[..end], end == text.Length ? [] : text[(end + 1)..].Split('.'));
    }

    /// <summary>
    /// All values that the path leads to; those with several give each of theirs. Without a URN it leads from the document itself,
    /// which is an element then (<see cref="AttributePath.InForeignElement"/>).
    /// </summary>
    internal static IEnumerable<JsonNode> Values(JsonObject document, string text)
    {
        if (!Urns.IsUrn(text)) return Within([document], text.Split('.'));
        var (urn, names) = In(document, text);
        return Within(Flatten(document[urn]), names);
    }

    /// <summary>An element as a filter in brackets sees it: of a plain value, <c>value</c> is the name (RFC 7643 §2.4).</summary>
    internal static JsonObject Element(JsonNode element) => element as JsonObject ?? new JsonObject { ["value"] = element.DeepClone() };

    private static IEnumerable<JsonNode> Within(IEnumerable<JsonNode> from, IReadOnlyList<string> names) =>
        names.Aggregate(from, (values, name) => values.OfType<JsonObject>().SelectMany(value => Flatten(Find(value, name).Value)));

    /// <summary>The member's name in the document's spelling, and its value.</summary>
    internal static (string Name, JsonNode? Value) Find(JsonObject container, string name)
    {
        foreach (var (key, value) in container)
            if (AttributeDefinition.NameEquals(key, name)) return (key, value);
        return (name, null);
    }

    /// <summary>
    /// Whether the text is this URN, or this URN with a name, which contains no colon: <c>urn:acme</c> does not own
    /// <c>urn:acme:2.0:User:badge</c>.
    /// </summary>
    private static bool Owns(string urn, string text) =>
        Urns.IsUrn(urn) && text.StartsWith(urn, StringComparison.OrdinalIgnoreCase) && (text.Length == urn.Length || text.LastIndexOf(':') == urn.Length);

    private static bool EndsInName(string text)
    {
        var last = text[(text.LastIndexOf(':') + 1)..];
        return text.Count(character => character == ':') > 1 && char.IsLetter(last[0]) && !AttributeDefinition.NameEquals(last, "User") && !AttributeDefinition.NameEquals(last, "Group");
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array.OfType<JsonNode>(),
        _ => [node],
    };
}
