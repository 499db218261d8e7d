using IdpSimulator.AdminConsole;
using IdpSimulator.Providers;
using IdpSimulator.Tenants;

namespace IdpSimulator.Stories.Playing;

/// <summary>All that a step of a tenant's story works with.</summary>
/// <param name="Client">The provider.</param>
/// <param name="Console">The admin of the service.</param>
/// <param name="Directory">The tenant's own, which nobody else writes to.</param>
/// <param name="Tenant">What the provider and the admin did, and what must follow.</param>
/// <param name="Crowd">Plays many at a time.</param>
internal sealed record StoryContext(IProvisioningClient Client, ConsoleClient Console, Guid Directory, Tenant Tenant, ParallelActions Crowd)
{
    /// <summary>None before a license was given.</summary>
    public Guid? Pool { get; set; }

    /// <summary>Learns the console's ids of whoever is new since the last time.</summary>
    public async Task LearnIdsAsync(CancellationToken cancellationToken)
    {
        var users = Tenant.Users.Where(user => user is { InternalId: null, ScimId: not null }).ToDictionary(user => user.ScimId!, StringComparer.Ordinal);
        if (users.Count > 0)
            foreach (var row in await Console.UsersAsync(Directory, cancellationToken))
                if (users.TryGetValue(row.ScimId.ToString(), out var user)) user.InternalId = row.Id;
        var groups = Tenant.Groups.Where(group => group is { InternalId: null, ScimId: not null }).ToDictionary(group => group.ScimId!, StringComparer.Ordinal);
        if (groups.Count > 0)
            foreach (var row in await Console.GroupsAsync(Directory, cancellationToken))
                if (groups.TryGetValue(row.ScimId.ToString(), out var group)) group.InternalId = row.Id;
    }
}
