using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Paths;

/// <summary>Resolves the text of an attribute path (RFC 7644 §3.10) against a resource type. Names compare without case.</summary>
public static class PathResolver
{
    /// <summary>Null when the resource type has no such attribute.</summary>
    public static AttributePath? TryResolve(ResourceSchema resource, ReadOnlySpan<char> text, LeniencyPolicy? tolerance = null)
    {
        if (Urns.IsUrn(text)) return ResolveUrn(resource, text);
        if (ResolveName(text, resource.FindCore, extension: null) is { } path) return path;
        return tolerance?.Name(resource, text.ToString()) is { } meant ? TryResolve(resource, meant) : null;
    }

    /// <summary>The same for a search of two types at once.</summary>
    /// <param name="other">The second resource type of the search; null when there is none.</param>
    public static AttributePath? TryResolveAmong(ResourceSchema resource, ResourceSchema? other, string text, LeniencyPolicy? tolerance = null) =>
        TryResolve(resource, text, tolerance)
        ?? (other is not null && TryResolve(other, text, tolerance) is { } theirs ? theirs with { IsAbsent = true } : null);

    private static AttributePath? ResolveUrn(ResourceSchema resource, ReadOnlySpan<char> text)
    {
        if (resource.FindExtension(text.ToString()) is { } whole) return new AttributePath(whole.Id, null, null);
        var colon = text.LastIndexOf(':');
        var urn = text[..colon].ToString();
        var name = text[(colon + 1)..];
        if (AttributeDefinition.NameEquals(urn, resource.Core.Id)) return ResolveName(name, resource.FindCore, extension: null);
        if (resource.FindExtension(urn) is { } extension) return ResolveName(name, extension.Find, extension.Id);
        return Urns.IsReserved(text) || !IsName(name) ? null : AttributePath.Foreign(text.ToString());
    }

    /// <summary>Whether the text is a name, or two names separated by a dot (RFC 7643 §2.1), or the version at the end of a URN.</summary>
    internal static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
            if (!char.IsLetterOrDigit(character) && character is not ('-' or '_' or '$' or '.')) return false;
        return !text.IsEmpty && text[0] != '.' && text[^1] != '.' && text.Count('.') <= 1;
    }

    private static AttributePath? ResolveName(ReadOnlySpan<char> text, Func<string, AttributeDefinition?> find, string? extension)
    {
        var dot = text.IndexOf('.');
        if (find((dot < 0 ? text : text[..dot]).ToString()) is not { } attribute) return null;
        if (dot < 0) return new AttributePath(extension, attribute, null);
        return attribute.Sub(text[(dot + 1)..].ToString()) is { } sub ? new AttributePath(extension, attribute, sub) : null;
    }
}
