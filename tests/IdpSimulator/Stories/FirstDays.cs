using IdpSimulator.Providers;
using IdpSimulator.Tenants;

namespace IdpSimulator.Stories;

/// <summary>
/// The first days of a tenant: everybody is assigned, groups are pushed, someone marries, a team is renamed, people move
/// between groups, leave, and one comes back. Needs a user and a group at least; with fewer than two groups nobody moves.
/// </summary>
public static class FirstDays
{
    public static Story Story { get; } = new("first days",
    [
        new("test the connection", (client, _, ct) => client.TestConnectionAsync(ct)),
        new("assign the users", AssignAsync),
        new("push the groups", PushAsync),
        new("rename a user and a group", RenameAsync),
        new("move users between groups", MoveAsync),
        new("unassign users", UnassignAsync),
        new("reassign one of them", ReassignAsync),
    ]);

    private static async Task AssignAsync(IProvisioningClient client, Tenant tenant, CancellationToken cancellationToken)
    {
        foreach (var user in tenant.Users) await client.AssignAsync(user, cancellationToken);
    }

    private static async Task PushAsync(IProvisioningClient client, Tenant tenant, CancellationToken cancellationToken)
    {
        foreach (var (index, group) in tenant.Groups.Index())
        {
            var members = tenant.Users.Where((_, user) => user % tenant.Groups.Count == index).ToList();
            await client.PushGroupAsync(group, members, cancellationToken);
        }
    }

    private static async Task RenameAsync(IProvisioningClient client, Tenant tenant, CancellationToken cancellationToken)
    {
        var user = tenant.Users[0];
        user.FamilyName += "-Håkansson";
        user.UserName = "renamed." + user.UserName;
        user.Department = "Research";
        await client.UpdateProfileAsync(user, cancellationToken);

        var group = tenant.Groups[0];
        group.DisplayName += " renamed";
        await client.RenameGroupAsync(group, cancellationToken);
    }

    private static async Task MoveAsync(IProvisioningClient client, Tenant tenant, CancellationToken cancellationToken)
    {
        if (tenant.Groups.Count < 2) return;
        var moving = tenant.Groups[0].Members.Take(2).ToList();
        await client.ChangeMembersAsync(tenant.Groups[0], [], moving, cancellationToken);
        await client.ChangeMembersAsync(tenant.Groups[1], moving, [], cancellationToken);
    }

    private static async Task UnassignAsync(IProvisioningClient client, Tenant tenant, CancellationToken cancellationToken)
    {
        foreach (var user in Leaving(tenant)) await client.UnassignAsync(user, cancellationToken);
    }

    private static async Task ReassignAsync(IProvisioningClient client, Tenant tenant, CancellationToken cancellationToken) =>
        await client.ReassignAsync(Leaving(tenant).First(), cancellationToken);

    private static IEnumerable<TenantUser> Leaving(Tenant tenant) => tenant.Users.TakeLast(3);
}
