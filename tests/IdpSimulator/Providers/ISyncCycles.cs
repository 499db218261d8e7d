using IdpSimulator.Tenants;

namespace IdpSimulator.Providers;

/// <summary>A provider that compares in cycles what it has with what SCIM shows, and sends what differs.</summary>
public interface ISyncCycles
{
    /// <param name="user">In scope or not.</param>
    /// <param name="forgotten">After a restart: the provider no longer knows the user's SCIM id, and matches it by name.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task SyncAsync(TenantUser user, bool forgotten, CancellationToken cancellationToken);

    Task SyncAsync(TenantGroup group, bool forgotten, CancellationToken cancellationToken);
}
