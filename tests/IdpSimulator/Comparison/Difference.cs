namespace IdpSimulator.Comparison;

/// <summary>Something that SCIM says otherwise than the tenant believes. <c>Resource</c> is an id, never a name.</summary>
public sealed record Difference(string Resource, string Attribute, string? Believed, string? Scim)
{
    public override string ToString() => $"{Resource} {Attribute}: the tenant believes {Believed ?? "nothing"}, SCIM says {Scim ?? "nothing"}";
}
