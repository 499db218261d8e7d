using IdpSimulator.Expectations;

namespace IdpSimulator.Tenants;

/// <summary>A group as the identity provider knows it, and where it must stand in the service.</summary>
public sealed class TenantGroup
{
    public required string ExternalId { get; init; }
    public required string DisplayName { get; set; }
    public string? ScimId { get; set; }

    /// <summary>The console's id; none before it was looked up.</summary>
    public Guid? InternalId { get; set; }

    /// <summary>None before the first push.</summary>
    public ExpectedGroupState? Standing { get; set; }

    /// <summary>The policy that names the group, if there is one.</summary>
    public Guid? Policy { get; set; }

    /// <summary>Who belongs to it at the provider.</summary>
    public HashSet<TenantUser> Team { get; } = [];

    /// <summary>Who belongs to it in the service: those that were sent and not lost since.</summary>
    public HashSet<TenantUser> Members { get; } = [];

    /// <summary>Those of the team whom SCIM knows.</summary>
    internal IReadOnlyList<TenantUser> Known => [.. Team.Where(user => user.Standing is { Removed: false })];

    /// <summary>At the provider; nothing is sent by that.</summary>
    internal void Hire(IEnumerable<TenantUser> users)
    {
        foreach (var user in users)
        {
            Team.Add(user);
            lock (user.TeamOf) user.TeamOf.Add(this);
        }
    }

    /// <summary>At the provider; nothing is sent by that.</summary>
    internal void Dismiss(IEnumerable<TenantUser> users)
    {
        foreach (var user in users)
        {
            Team.Remove(user);
            lock (user.TeamOf) user.TeamOf.Remove(this);
        }
    }

    /// <summary>Users whom SCIM no longer knows are skipped.</summary>
    internal void Join(IEnumerable<TenantUser> users)
    {
        foreach (var user in users.Where(user => user.Standing is { Removed: false }))
        {
            lock (Members) Members.Add(user);
            lock (user.MemberOf) user.MemberOf.Add(this);
        }
    }

    internal void Leave(IEnumerable<TenantUser> users)
    {
        foreach (var user in users)
        {
            lock (Members) Members.Remove(user);
            lock (user.MemberOf) user.MemberOf.Remove(this);
        }
    }

    internal void SetMembers(IReadOnlyCollection<TenantUser> users)
    {
        Leave([.. Members.Except(users)]);
        Join(users);
    }
}
