namespace IdpSimulator.Tenants;

/// <summary>A user as the identity provider knows it, and what it believes about the SCIM side.</summary>
public sealed class TenantUser
{
    /// <summary>The provider's own id: a GUID in Entra ID, <c>00u…</c> in Okta.</summary>
    public required string ExternalId { get; init; }
    public required string UserName { get; set; }
    public required string GivenName { get; set; }
    public required string FamilyName { get; set; }
    public required string Department { get; set; }

    public string DisplayName => $"{GivenName} {FamilyName}";
    public string Email => UserName;

    /// <summary>The id that SCIM gave; none before the first assignment.</summary>
    public string? ScimId { get; set; }

    /// <summary>What the provider told SCIM last.</summary>
    public bool Active { get; set; }
}
