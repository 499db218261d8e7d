namespace DirectoryService.Protocol.Schemas;

/// <summary>Data types of RFC 7643 §2.3.</summary>
public enum AttributeType { String, Boolean, Decimal, Integer, DateTime, Binary, Reference, Complex }

/// <summary>RFC 7643 §2.2, <c>mutability</c>.</summary>
public enum Mutability { ReadWrite, ReadOnly, Immutable, WriteOnly }

/// <summary>RFC 7643 §2.2, <c>returned</c>.</summary>
public enum Returned { Default, Always, Never, Request }

/// <summary>One attribute of a schema, as RFC 7643 §7 describes it.</summary>
public sealed record AttributeDefinition(string Name, AttributeType Type)
{
    public bool MultiValued { get; init; }
    public bool Required { get; init; }
    public bool CaseExact { get; init; }
    public bool Unique { get; init; }
    public Mutability Mutability { get; init; }
    public Returned Returned { get; init; }
    public string Description { get; init; } = "";
    public IReadOnlyList<string> CanonicalValues { get; init; } = [];
    public IReadOnlyList<string> ReferenceTypes { get; init; } = [];
    public IReadOnlyList<AttributeDefinition> SubAttributes { get; init; } = [];

    /// <summary>Names compare without case (RFC 7643 §2.1).</summary>
    public AttributeDefinition? Sub(string name) => SubAttributes.FirstOrDefault(sub => NameEquals(sub.Name, name));

    public static bool NameEquals(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
