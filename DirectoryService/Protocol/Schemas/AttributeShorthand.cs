namespace DirectoryService.Protocol.Schemas;

/// <summary>Short forms to create attribute definitions, used by the schemas.</summary>
internal static class AttributeShorthand
{
    internal static AttributeDefinition String(string name, string description) =>
        new(name, AttributeType.String) { Description = description };

    internal static AttributeDefinition Boolean(string name, string description) =>
        new(name, AttributeType.Boolean) { Description = description };

    internal static AttributeDefinition Binary(string name, string description) =>
        new(name, AttributeType.Binary) { Description = description, CaseExact = true };

    internal static AttributeDefinition Reference(string name, string description, params string[] types) =>
        new(name, AttributeType.Reference) { Description = description, ReferenceTypes = types, CaseExact = true };

    internal static AttributeDefinition Complex(string name, string description, params AttributeDefinition[] subs) =>
        new(name, AttributeType.Complex) { Description = description, SubAttributes = subs };

    /// <summary>A multi-valued attribute with the default sub-attributes of RFC 7643 §2.4.</summary>
    internal static AttributeDefinition Plural(string name, string description, AttributeDefinition value, params string[] types) =>
        Complex(name, description,
            value,
            String("display", "A name for people to read."),
            String("type", "What the value is used for.") with { CanonicalValues = types },
            Boolean("primary", "Whether this is the preferred value; true for at most one.")) with { MultiValued = true };

    internal static AttributeDefinition ReadOnly(AttributeDefinition attribute) => attribute with { Mutability = Mutability.ReadOnly };

    internal static AttributeDefinition Immutable(AttributeDefinition attribute) => attribute with { Mutability = Mutability.Immutable };
}
