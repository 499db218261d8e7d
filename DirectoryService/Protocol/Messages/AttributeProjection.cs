using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Messages;

/// <summary>The attributes of a response: <c>attributes</c> or <c>excludedAttributes</c> (RFC 7644 §3.9).</summary>
public sealed class AttributeProjection
{
    public static readonly AttributeProjection Everything = new(null, []);

    /// <summary>Null for all attributes; empty for those that are always returned.</summary>
    private readonly IReadOnlyList<AttributePath>? only;
    private readonly IReadOnlyList<AttributePath> without;

    private AttributeProjection(IReadOnlyList<AttributePath>? only, IReadOnlyList<AttributePath> without) => (this.only, this.without) = (only, without);

    /// <summary>Parses the parameters. Names that the resource type does not have are ignored.</summary>
    /// <exception cref="ScimException">invalidValue when both are given.</exception>
    public static AttributeProjection Parse(ResourceSchema resource, string? attributes, string? excludedAttributes, LeniencyPolicy? tolerance = null)
    {
        if (!string.IsNullOrWhiteSpace(attributes) && !string.IsNullOrWhiteSpace(excludedAttributes))
            throw ScimException.InvalidValue("Send \"attributes\" or \"excludedAttributes\", not both.");
        return new AttributeProjection(string.IsNullOrWhiteSpace(attributes) ? null : Paths(resource, attributes, tolerance), Paths(resource, excludedAttributes, tolerance));
    }

    /// <summary>Whether the response contains a core attribute, so that costly attributes are read only if needed.</summary>
    public bool Shows(string attribute) =>
        (only is null || only.Any(path => Names(path, attribute)))
        && !without.Any(path => Names(path, attribute) && path.Sub is null);

    /// <summary>The same of an extension, or any part of it.</summary>
    public bool ShowsExtension(string urn) =>
        (only is null || only.Any(path => path.Extension == urn)) && !without.Any(path => path.Extension == urn && path.Attribute is null);

    public bool IsEverything => only is null && without.Count == 0;

    /// <summary>Whether all paths name whole attributes or extensions, so that each is returned completely or not at all.</summary>
    public bool NamesWholeAttributes => (only ?? []).All(IsWhole) && without.All(IsWhole);

    /// <summary>If <see cref="NamesWholeAttributes"/>: whether the response contains the attribute or extension of this name.</summary>
    public bool ShowsName(string name) =>
        (only is null || only.Any(path => IsName(path, name)))
        && !without.Any(path => IsName(path, name) && path.Attribute?.Returned != Returned.Always);

    private static bool IsWhole(AttributePath path) => !path.IsForeign && (path.Extension is null ? path.Sub is null : path.Attribute is null);

    private static bool IsName(AttributePath path, string name) => (path.Extension ?? path.Attribute?.Name) == name;

    private static bool Names(AttributePath path, string attribute) => path.Extension is null && path.Attribute?.Name == attribute;

    /// <summary>Removes from <paramref name="document"/> what is not returned; id and schemas always stay.</summary>
    public JsonObject Apply(JsonObject document)
    {
        foreach (var path in without) Remove(document, path);
        if (only is null) return document;
        var kept = new JsonObject();
        foreach (var name in (string[])["schemas", "id"])
            if (document[name] is { } always) kept[name] = always.DeepClone();
        foreach (var path in only) Copy(document, kept, path);
        foreach (var path in only) RemoveEmpty(kept, path);
        return kept;
    }

    private static IReadOnlyList<AttributePath> Paths(ResourceSchema resource, string? names, LeniencyPolicy? tolerance) =>
        [.. (names ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => PathResolver.TryResolve(resource, name, tolerance)).OfType<AttributePath>()];

    private static void Remove(JsonObject document, AttributePath path)
    {
        if (path.IsForeign) { UnknownExtensionProjection.Remove(document, path.Extension!); return; }
        if (path.Attribute is null) { document.Remove(path.Extension!); return; }
        if (path.Attribute.Returned == Returned.Always) return;
        if ((path.Extension is null ? document : document[path.Extension] as JsonObject) is not { } container) return;
        if (path.Sub is null) container.Remove(path.Attribute.Name);
        else foreach (var element in Elements(container[path.Attribute.Name])) element.Remove(path.Sub.Name);
    }

    private static void Copy(JsonObject from, JsonObject to, AttributePath path)
    {
        if (path.IsForeign) { UnknownExtensionProjection.Copy(from, to, path.Extension!); return; }
        if (path.Extension is { } urn)
        {
            if (from[urn] is not JsonObject extension) return;
            if (path.Attribute is null) { to[urn] = extension.DeepClone(); return; }
            if (to[urn] is not JsonObject target) to[urn] = target = [];
            (from, to) = (extension, target);
        }
        if (from[path.Attribute!.Name] is not { } value) return;
        if (path.Sub is null) { to[path.Attribute.Name] = value.DeepClone(); return; }
        if (value is JsonArray elements)
        {
            if (to[path.Attribute.Name] is not JsonArray kept)
                to[path.Attribute.Name] = kept = new JsonArray([.. elements.Select(_ => new JsonObject())]);
            for (var i = 0; i < elements.Count; i++)
                if (elements[i]?[path.Sub.Name] is { } inner) kept[i]![path.Sub.Name] = inner.DeepClone();
        }
        else if (value is JsonObject complex && complex[path.Sub.Name] is { } inner)
        {
            if (to[path.Attribute.Name] is not JsonObject kept) to[path.Attribute.Name] = kept = [];
            kept[path.Sub.Name] = inner.DeepClone();
        }
    }

    /// <summary>Removes elements that became empty because they have none of the requested sub-attributes.</summary>
    private static void RemoveEmpty(JsonObject kept, AttributePath path)
    {
        if (path is not { Extension: null, Attribute: { } attribute, Sub: not null } || kept[attribute.Name] is not JsonArray elements) return;
        foreach (var empty in elements.Where(element => element is JsonObject { Count: 0 }).ToList()) elements.Remove(empty);
        if (elements.Count == 0) kept.Remove(attribute.Name);
    }

    private static IEnumerable<JsonObject> Elements(JsonNode? node) => node switch
    {
        JsonArray array => array.OfType<JsonObject>(),
        JsonObject single => [single],
        _ => [],
    };
}
