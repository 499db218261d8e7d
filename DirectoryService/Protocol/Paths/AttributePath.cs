using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Paths;

/// <summary>
/// An attribute resolved against a resource type: <c>name.givenName</c>,
/// <c>urn:…:User:manager.value</c>, or a whole extension (<see cref="Attribute"/> is null).
/// </summary>
/// <param name="Extension">URN of its extension in canonical spelling; null for core attributes.</param>
/// <param name="Attribute">Null when the path names a whole extension.</param>
/// <param name="Sub">The sub-attribute, if the path names one.</param>
public sealed record AttributePath(string? Extension, AttributeDefinition? Attribute, AttributeDefinition? Sub)
{
    /// <summary>
    /// Whether it is a path into an extension without a schema. Then <see cref="Extension"/> is the whole text, and the end of
    /// its URN depends on the document (<see cref="UnknownExtensionPath"/>).
    /// </summary>
    public bool IsForeign { get; private init; }

    /// <summary>
    /// Whether the attribute belongs to another resource type of a search over several types: then it has no value (RFC 7644 §3.4.2.1).
    /// </summary>
    public bool IsAbsent { get; init; }

    public static AttributePath Foreign(string text) => new(text, null, null) { IsForeign = true };

    /// <summary>
    /// The same between the brackets of <c>urn:…:User:things[…]</c>: a name in an element, or two with a dot between. Null for what
    /// is no name.
    /// </summary>
    public static AttributePath? InForeignElement(string name) => PathResolver.IsName(name) ? Foreign(name) : null;

    /// <summary>The attribute that is compared: the sub-attribute, or the attribute itself.</summary>
    public AttributeDefinition? Leaf => Sub ?? Attribute;

    public override string ToString()
    {
        var name = Attribute is null ? "" : Sub is null ? Attribute.Name : $"{Attribute.Name}.{Sub.Name}";
        return Extension is null ? name : name.Length == 0 ? Extension : $"{Extension}:{name}";
    }
}
