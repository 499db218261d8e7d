using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Paths;

/// <summary>
/// An attribute resolved against a resource type: <c>name.givenName</c>,
/// <c>urn:…:User:manager.value</c>, or a whole extension (<see cref="Attribute"/> is null).
/// </summary>
/// <param name="Extension">URN of the extension it stands in, in its canonical spelling; null for core attributes.</param>
/// <param name="Attribute">Null when the path names a whole extension.</param>
/// <param name="Sub">The sub-attribute, if the path names one.</param>
public sealed record AttributePath(string? Extension, AttributeDefinition? Attribute, AttributeDefinition? Sub)
{
    /// <summary>
    /// Somewhere in an extension that no schema here describes: <see cref="Extension"/> is the whole text, and only a document
    /// can tell where its URN ends (<see cref="ForeignPath"/>).
    /// </summary>
    public bool IsForeign { get; private init; }

    /// <summary>
    /// Of another type than the one that is searched: where several are searched at once, it has no value there (RFC 7644 §3.4.2.1).
    /// </summary>
    public bool IsAbsent { get; init; }

    public static AttributePath Foreign(string text) => new(text, null, null) { IsForeign = true };

    /// <summary>
    /// The same between the brackets of <c>urn:…:User:things[…]</c>: a name in an element, or two with a dot between. Null for what
    /// is no name.
    /// </summary>
    public static AttributePath? InForeignElement(string name) => PathResolver.IsName(name) ? Foreign(name) : null;

    /// <summary>What a comparison looks at: the sub-attribute, or the attribute itself.</summary>
    public AttributeDefinition? Leaf => Sub ?? Attribute;

    public override string ToString()
    {
        var name = Attribute is null ? "" : Sub is null ? Attribute.Name : $"{Attribute.Name}.{Sub.Name}";
        return Extension is null ? name : name.Length == 0 ? Extension : $"{Extension}:{name}";
    }
}
