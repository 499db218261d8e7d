using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Paths;

/// <summary>
/// The target of a PATCH operation (RFC 7644 §3.5.2): <c>title</c>, <c>name.givenName</c>,
/// <c>emails[type eq "work"]</c>, <c>emails[type eq "work"].value</c>, or a whole extension. In an extension without a schema
/// the same: what is there tells which of it has several values.
/// </summary>
public sealed record PatchPath(AttributePath Attribute, Filter? ValueFilter, AttributeDefinition? FilteredSub)
{
    /// <exception cref="ScimException">invalidPath for what does not exist, invalidFilter for a bad value filter.</exception>
    public static PatchPath Parse(ResourceSchema resource, string text, LeniencyPolicy? tolerance = null)
    {
        tolerance ??= LeniencyPolicy.Strict;
        var trimmed = text.AsSpan().Trim();
        var open = trimmed.IndexOf('[');
        if (open < 0) return new PatchPath(Resolve(resource, trimmed, text, tolerance), null, null);

        var close = Closing(trimmed, open);
        if (close < 0) throw ScimException.InvalidPath($"The path '{text}' opens a filter with [ and does not close it with ].");
        if (trimmed[close..].Contains('[')) throw ScimException.InvalidPath($"The path '{text}' has two filters; one in [ ] is all it takes. Join their conditions by and.");
        var owner = Resolve(resource, trimmed[..open], text, tolerance);
        if (owner is not ({ IsForeign: true } or { Attribute: { Type: AttributeType.Complex, MultiValued: true }, Sub: null }))
            throw ScimException.InvalidPath($"'{owner}' has no several values with sub-attributes, so it takes no filter in [ ].");
        var filter = FilterParser.ParseValueFilter(trimmed[(open + 1)..close].ToString(), owner, tolerance);
        var tail = trimmed[(close + 1)..];
        if (tail.IsEmpty) return new PatchPath(owner, filter, null);
        var sub = tail[0] == '.' ? Sub(owner, tail[1..].ToString()) : null;
        return new PatchPath(owner, filter, sub ?? throw Unknown(text));
    }

    /// <summary>Without a schema any name will do, and what it holds is what is sent.</summary>
    private static AttributeDefinition? Sub(AttributePath owner, string name) =>
        !owner.IsForeign ? owner.Attribute!.Sub(name)
        : PathResolver.IsName(name) && !name.Contains('.', StringComparison.Ordinal) ? new AttributeDefinition(name, AttributeType.String) : null;

    /// <summary>The index of the closing bracket; strings in the filter may contain brackets.</summary>
    private static int Closing(ReadOnlySpan<char> text, int open)
    {
        var quoted = false;
        for (var i = open + 1; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (!quoted && text[i] == ']') return i;
        }
        return -1;
    }

    private static AttributePath Resolve(ResourceSchema resource, ReadOnlySpan<char> part, string whole, LeniencyPolicy tolerance) =>
        PathResolver.TryResolve(resource, part, tolerance) ?? throw Unknown(whole);

    private static ScimException Unknown(string text) =>
        ScimException.InvalidPath($"There is no attribute '{text}'. See /Schemas for the attributes of this resource.");
}
