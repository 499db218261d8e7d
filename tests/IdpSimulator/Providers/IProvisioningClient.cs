using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers;

/// <summary>
/// What an identity provider does with the users and groups that are assigned to its SCIM app. Each call plays the whole
/// sequence of requests that the provider would send, and records in the tenant what it then believes.
/// </summary>
public interface IProvisioningClient : IDisposable
{
    ScimWire Wire { get; }

    /// <summary>Whether the service lets this provider override the console.</summary>
    DirectoryRule Rule { get; }

    /// <summary>The button "test connection".</summary>
    Task TestConnectionAsync(CancellationToken cancellationToken);

    Task AssignAsync(TenantUser user, CancellationToken cancellationToken);

    /// <summary>Sends the user's profile as the tenant has it now.</summary>
    Task UpdateProfileAsync(TenantUser user, CancellationToken cancellationToken);

    Task UnassignAsync(TenantUser user, CancellationToken cancellationToken);

    Task ReassignAsync(TenantUser user, CancellationToken cancellationToken);

    /// <summary>Suspended, blocked or soft-deleted at the provider, and still assigned.</summary>
    Task SuspendAsync(TenantUser user, CancellationToken cancellationToken);

    Task ResumeAsync(TenantUser user, CancellationToken cancellationToken);

    /// <summary>Deleted for good at the provider.</summary>
    Task DeleteAsync(TenantUser user, CancellationToken cancellationToken);

    /// <summary>Takes the group out of the service: "delete in target app", or out of the app's scope.</summary>
    Task RemoveGroupAsync(TenantGroup group, CancellationToken cancellationToken);

    /// <summary>Creates the group with these members, all of whom are assigned.</summary>
    Task PushGroupAsync(TenantGroup group, IReadOnlyCollection<TenantUser> members, CancellationToken cancellationToken);

    /// <summary>Sends the group's name as the tenant has it now.</summary>
    Task RenameGroupAsync(TenantGroup group, CancellationToken cancellationToken);

    Task ChangeMembersAsync(TenantGroup group, IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove, CancellationToken cancellationToken);
}
