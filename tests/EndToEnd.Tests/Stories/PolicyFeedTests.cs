using System.Diagnostics;
using EndToEnd.Tests.Api;
using EndToEnd.Tests.Running;
using IdpSimulator.Tenants;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>Policies follow a tenant, and where they are enforced one hears of it through the gateway as it happens.</summary>
[Collection(RunningSystem.Users)]
public sealed class PolicyFeedTests(RunningSystem system)
{
    [Fact]
    public async Task The_feed_tells_what_a_tenant_changes_for_a_group_s_policy_and_for_everyone_s()
    {
        using var customer = await CustomerTenant.ArriveAsync(system);
        var (directory, guests) = (system.DirectoryOf("EntraId").Id, customer.Tenant.Groups[0]);
        var everyone = await system.Admin.CreatePolicyAsync(new
        {
            name = $"Web for all but {guests.DisplayName}", kind = "web", everyone = true, groupIds = Array.Empty<Guid>(),
            excludedGroupIds = new[] { await system.Admin.GroupIdAsync(directory, guests.DisplayName) },
        });
        var team = customer.Team.Members.Where(user => user.Active && !guests.Members.Contains(user)).Take(3).ToList();
        var ids = new Dictionary<TenantUser, Guid>();
        foreach (var user in team) ids[user] = await system.Admin.UserIdAsync(directory, user.UserName);
        foreach (var user in team)
            await Eventually.TrueAsync("both policies to be in force", async () => new HashSet<Guid>(await system.Admin.PoliciesOfAsync(ids[user])).IsSupersetOf([customer.Policy, everyone]));

        string position;
        await using (var feed = await PolicyFeed.OpenAsync(system.Admin))
        {
            var watch = Stopwatch.StartNew();
            await customer.Entra.UnassignAsync(team[0], default);
            await feed.UntilAsync(Left(customer.Policy, team[0]), Left(everyone, team[0]));
            Measurements.Print("from Entra's PATCH to both policies' enforcement points", watch.Elapsed);
            await customer.Entra.ChangeMembersAsync(customer.Team, [], [team[1]], default);
            await feed.UntilAsync(Left(customer.Policy, team[1]));
            position = feed.Position;
        }

        // While nobody listens: the guests' exclusion, and a return.
        await customer.Entra.ChangeMembersAsync(guests, [team[2]], [], default);
        await customer.Entra.ReassignAsync(team[0], default);
        await using (var feed = await PolicyFeed.OpenAsync(system.Admin, position))
            await feed.UntilAsync(Left(everyone, team[2]), Joined(everyone, team[0]), Joined(customer.Policy, team[0]));

        var members = await system.Admin.PolicyMembersAsync(customer.Policy);
        Assert.Equal((true, false, true), (members.Contains(ids[team[0]]), members.Contains(ids[team[1]]), members.Contains(ids[team[2]])));
        await customer.AgreesWithScimAsync();

        string Left(Guid policy, TenantUser user) => $"{policy} left {ids[user]}";
        string Joined(Guid policy, TenantUser user) => $"{policy} joined {ids[user]}";
    }
}
