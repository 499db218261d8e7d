using System.Diagnostics;
using EndToEnd.Tests.Running;
using IdpSimulator.Wire;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>Promises P1 and P8: who is unassigned in the identity provider is disabled, and the license is free for another; also when RabbitMQ is killed meanwhile.</summary>
[Collection(RunningSystem.Users)]
public sealed class UnassignedUserTests(RunningSystem system)
{
    /// <summary>Longer than a publish waits for its confirm, so that the relay has met more than one failure.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task P8_A_user_whom_Entra_unassigns_frees_the_seat_and_leaves_the_policies()
    {
        using var customer = await CustomerTenant.ArriveAsync(system);
        var employee = await customer.EquipAsync();
        var before = await system.Admin.PoolAsync();

        await customer.Entra.UnassignAsync(employee.User, default);
        var watch = Stopwatch.StartNew();
        var free = TimeAsync(watch, "the seat to be free", async () => !await customer.HasLicenseAsync(employee));
        var gone = TimeAsync(watch, "the user to be out of the policy", async () => !await customer.HasPolicyAsync(employee));
        Measurements.Print("from Entra's PATCH to the free seat", await free);
        Measurements.Print("from Entra's PATCH to being out of the policy", await gone);

        Assert.Equal(before.Used - 1, (await system.Admin.PoolAsync()).Used);
        Assert.Equal("unassigned", await system.Admin.UserStatusAsync(employee.Id));
        Assert.Superset(new HashSet<string> { "deactivated", "licenseGranted", "licenseFreed", "policyLeft" }, await system.Admin.TimelineAsync(employee.Id));
        await customer.AgreesWithScimAsync();
        Report("first days and unassign", customer.Wire.Exchanges);
    }

    [Fact]
    public async Task With_RabbitMQ_killed_SCIM_goes_on_and_everything_follows_when_it_is_back()
    {
        using var customer = await CustomerTenant.ArriveAsync(system);
        var employee = await customer.EquipAsync();
        var colleague = await customer.EquipAsync();
        var before = customer.Wire.Exchanges.Count;

        var outage = await BrokerOutage.BeginAsync(system.Resources);
        var unassigned = Stopwatch.StartNew();
        // Each of these throws for an answer other than Entra expects, which is 2xx.
        await customer.Entra.UnassignAsync(employee.User, default);
        await customer.Entra.ChangeMembersAsync(customer.Team, [], [colleague.User], default);
        for (var n = 0; unassigned.Elapsed < Outage; n++)
        {
            var user = customer.Tenant.Users[n % customer.Tenant.Users.Count];
            user.GivenName = $"Renamed {n}";
            await customer.Entra.UpdateProfileAsync(user, default);
        }
        await customer.AgreesWithScimAsync();
        // Lists are as the facts have come; a question about one user would ask the directory.
        Assert.True(await IsListedAsync(employee), "The seat was freed without a broker: the outage was none.");
        Assert.True(await IsMemberAsync(colleague), "The policy followed without a broker: the outage was none.");
        Report("while the broker was away", customer.Wire.Exchanges.Skip(before));
        Measurements.Print("the broker was away with unsent facts", unassigned.Elapsed);

        await outage.EndAsync();
        var back = Stopwatch.StartNew();
        var free = TimeAsync(back, "the seat to be free", async () => !await IsListedAsync(employee));
        var gone = TimeAsync(back, "the users to be out of the policy", async () => !await IsMemberAsync(employee) && !await IsMemberAsync(colleague));
        Measurements.Print("from the broker's return to the free seat", await free);
        Measurements.Print("from the broker's return to both being out of the policy", await gone);
        Assert.False(await customer.HasPolicyAsync(colleague));
        Assert.True(await customer.HasLicenseAsync(colleague), "Who only left a group keeps the license.");

        async Task<bool> IsListedAsync(Employee who) => (await system.Admin.LicensedAsync(who.Pool)).Contains(who.User.UserName);
        async Task<bool> IsMemberAsync(Employee who) => (await system.Admin.PolicyMembersAsync(customer.Policy)).Contains(who.Id);
    }

    [Fact]
    public async Task Who_was_enabled_a_moment_ago_gets_a_license_and_who_was_disabled_has_none_whenever_one_asks()
    {
        const int rounds = 10;
        using var customer = await CustomerTenant.ArriveAsync(system);
        var employee = await customer.EquipAsync();
        for (var round = 0; round < rounds; round++)
        {
            await customer.Entra.UnassignAsync(employee.User, default);
            Assert.False(await customer.HasLicenseAsync(employee));
            await customer.Entra.ReassignAsync(employee.User, default);
            await system.Admin.AssignLicenseAsync((await system.Admin.OpenPoolAsync()).Id, employee.Id); // throws for anything but 201
            Assert.True(await customer.HasPolicyAsync(employee));
        }
    }

    private static async Task<TimeSpan> TimeAsync(Stopwatch since, string what, Func<Task<bool>> ask)
    {
        await Eventually.TrueAsync(what, ask, TimeSpan.FromMinutes(2));
        return since.Elapsed;
    }

    private static void Report(string what, IEnumerable<Exchange> exchanges)
    {
        var latencies = Latencies.Of(exchanges);
        Measurements.Print($"p50 of {latencies.Count} SCIM requests, {what}", TimeSpan.FromMilliseconds(latencies.P50));
        Measurements.Print("p99 of them", TimeSpan.FromMilliseconds(latencies.P99));
    }
}
