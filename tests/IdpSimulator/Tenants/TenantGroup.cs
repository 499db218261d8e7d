namespace IdpSimulator.Tenants;

/// <summary>A group as the identity provider knows it, and the members it has sent.</summary>
public sealed class TenantGroup
{
    public required string ExternalId { get; init; }
    public required string DisplayName { get; set; }
    public string? ScimId { get; set; }
    public HashSet<TenantUser> Members { get; } = [];
}
