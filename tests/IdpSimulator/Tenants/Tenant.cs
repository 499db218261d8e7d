namespace IdpSimulator.Tenants;

/// <summary>One customer's tenant at its identity provider: the truth that SCIM is compared with at the end.</summary>
public sealed record Tenant(string Name, IReadOnlyList<TenantUser> Users, IReadOnlyList<TenantGroup> Groups);
