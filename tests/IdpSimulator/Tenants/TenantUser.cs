using IdpSimulator.Expectations;

namespace IdpSimulator.Tenants;

/// <summary>A user as the identity provider knows it, and where it must stand in the service.</summary>
public sealed class TenantUser
{
    private ExpectedUserState? standing;

    /// <summary>The provider's own id: a GUID in Entra ID, <c>00u…</c> in Okta.</summary>
    public required string ExternalId { get; set; }
    public required string UserName { get; set; }
    public required string GivenName { get; set; }
    public required string FamilyName { get; set; }
    public required string Department { get; set; }

    public string DisplayName => $"{GivenName} {FamilyName}";
    public string Email => UserName;

    /// <summary>Assigned to the SCIM app, and not suspended: the provider wants the user active.</summary>
    public bool Wanted { get; set; }

    /// <summary>The provider's data changed and was not sent yet.</summary>
    public bool Changed { get; set; }

    /// <summary>The id that SCIM gave; none before the first assignment.</summary>
    public string? ScimId { get; set; }

    /// <summary>The console's id; none before it was looked up.</summary>
    public Guid? InternalId { get; set; }

    /// <summary>None before the first assignment.</summary>
    public ExpectedUserState? Standing
    {
        get => standing;
        set
        {
            standing = value;
            // A license is freed each time the user becomes not active, and never given back by itself.
            if (value is not { Active: true }) Licensed = false;
            if (value is { Removed: true }) LeaveAll();
        }
    }

    public bool Active => standing is { Active: true };

    /// <summary>Holds a license.</summary>
    public bool Licensed { get; set; }

    /// <summary>The groups whose members include the user. Changed by <see cref="TenantGroup"/>.</summary>
    internal HashSet<TenantGroup> MemberOf { get; } = [];

    /// <summary>The groups to which the user belongs at the provider. Changed by stories, before anything is sent.</summary>
    internal HashSet<TenantGroup> TeamOf { get; } = [];

    internal IReadOnlyList<TenantGroup> Groups()
    {
        lock (MemberOf) return [.. MemberOf];
    }

    private void LeaveAll()
    {
        foreach (var group in Groups()) group.Leave([this]);
    }
}
