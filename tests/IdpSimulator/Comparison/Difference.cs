namespace IdpSimulator.Comparison;

/// <summary>Something that the system says otherwise than the tenant believes. <c>Resource</c> is an id, never a name.</summary>
/// <param name="Resource">What, by its SCIM id.</param>
/// <param name="Attribute">What of it.</param>
/// <param name="Believed">By the tenant.</param>
/// <param name="Actual">As the system says.</param>
/// <param name="Speaker">Which part of the system.</param>
public sealed record Difference(string Resource, string Attribute, string? Believed, string? Actual, string Speaker = "SCIM")
{
    public override string ToString() => $"{Resource} {Attribute}: the tenant believes {Believed ?? "nothing"}, {Speaker} says {Actual ?? "nothing"}";
}
