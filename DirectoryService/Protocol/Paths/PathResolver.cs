using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Paths;

/// <summary>Resolves the text of an attribute path (RFC 7644 §3.10) against a resource type. Names compare without case.</summary>
public static class PathResolver
{
    /// <summary>Null when the resource type has no such attribute.</summary>
    public static AttributePath? TryResolve(ResourceSchema resource, ReadOnlySpan<char> text)
    {
        if (text.Length > 4 && text[..4].Equals("urn:", StringComparison.OrdinalIgnoreCase)) return ResolveUrn(resource, text);
        return ResolveName(text, resource.FindCore, extension: null);
    }

    private static AttributePath? ResolveUrn(ResourceSchema resource, ReadOnlySpan<char> text)
    {
        if (resource.FindExtension(text.ToString()) is { } whole) return new AttributePath(whole.Id, null, null);
        var colon = text.LastIndexOf(':');
        var urn = text[..colon].ToString();
        var name = text[(colon + 1)..];
        if (AttributeDefinition.NameEquals(urn, resource.Core.Id)) return ResolveName(name, resource.FindCore, extension: null);
        return resource.FindExtension(urn) is { } extension ? ResolveName(name, extension.Find, extension.Id) : null;
    }

    private static AttributePath? ResolveName(ReadOnlySpan<char> text, Func<string, AttributeDefinition?> find, string? extension)
    {
        var dot = text.IndexOf('.');
        if (find((dot < 0 ? text : text[..dot]).ToString()) is not { } attribute) return null;
        if (dot < 0) return new AttributePath(extension, attribute, null);
        return attribute.Sub(text[(dot + 1)..].ToString()) is { } sub ? new AttributePath(extension, attribute, sub) : null;
    }
}
