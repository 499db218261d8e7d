using System.Diagnostics;
using EndToEnd.Tests.Api;
using EndToEnd.Tests.Running;
using IdpSimulator.Providers.Entra;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;
using Testing;

namespace EndToEnd.Tests.Stories;

/// <summary>Seats by a rule for a group of Entra ID: given, freed and passed on as the group and its members come and go.</summary>
[Collection(RunningSystem.Users)]
public sealed class LicenseRuleTests(RunningSystem system)
{
    private const int Users = 500;
    private const int Seats = 300;

    /// <summary>Fewer than a fifth, which would be a mass deactivation.</summary>
    private const int Leaving = 60;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Seats_of_users_whom_Entra_disables_are_passed_on_to_the_next_of_their_group()
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        // A directory of its own: an alert that another story raised would keep seats back.
        var (directory, baseUrl, token) = await system.Admin.CreateDirectoryAsync($"Licenses {run}", "EntraId");
        using var entra = new EntraClient(baseUrl, token, EntraDialect.Default, new Recorder());
        var tenant = new TenantFactory(run).Create("fabrikam", Users, 1, EntraClient.NewId);
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(tenant.Users, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (user, ct) => await entra.AssignAsync(user, ct));
        await entra.PushGroupAsync(tenant.Groups[0], tenant.Users, default);
        Measurements.Print($"Entra assigned {Users} users and pushed their group", watch.Elapsed);

        var before = await system.Admin.PoolAsync();
        var group = await system.Admin.GroupIdAsync(directory, tenant.Groups[0].DisplayName);
        // Seats that a hold of another story keeps back are not this one's to give.
        await system.Admin.ResizeAsync(before.Id, before.Used + before.Held + Seats);
        watch.Restart();
        var rule = await system.Admin.CreateRuleAsync(before.Id, group);
        try
        {
            await BecomesAsync(before.Used + Seats, Users - Seats);
            Measurements.Print($"a rule for the group gave {Seats} seats and put {Users - Seats} in line", watch.Elapsed);
            await LeaveAsync(entra, tenant, before, BecomesAsync);
            Assert.DoesNotContain(directory, await system.Admin.HoldingAsync()); // so few are no mass deactivation
        }
        finally
        {
            // Else those who wait would take the seats of every other story.
            await system.Admin.DeleteRuleAsync(before.Id, rule);
            await BecomesAsync(before.Used, 0);
            await system.Admin.ResizeAsync(before.Id, before.Seats);
        }

        Task BecomesAsync(int used, int waiting) => Eventually.BecomesAsync(
            $"{used} seats in use and {waiting} users in line", () => MadeUpAsync(before), now => now.Used == used && now.Waiting == waiting, Bound);
    }

    /// <summary>
    /// The pool. An alert that an earlier story caused is raised up to some seconds after it, and keeps seats back that are open
    /// at that moment, so also some that this story's users freed: the pool gets as many more.
    /// </summary>
    private async Task<AdminClient.Pool> MadeUpAsync(AdminClient.Pool before)
    {
        var pool = await system.Admin.PoolAsync();
        var needed = before.Used + pool.Held + Seats;
        if (pool.Seats < needed) await system.Admin.ResizeAsync(pool.Id, needed);
        return pool;
    }

    private async Task LeaveAsync(EntraClient entra, Tenant tenant, AdminClient.Pool before, Func<int, int, Task> becomesAsync)
    {
        var licensed = await system.Admin.LicensedAsync(before.Id);
        var leaving = tenant.Users.Where(user => licensed.Contains(user.UserName)).Take(Leaving).ToList();
        Assert.Equal(Leaving, leaving.Count);
        var watch = Stopwatch.StartNew();
        foreach (var user in leaving) await entra.UnassignAsync(user, default);
        Measurements.Print($"Entra disabled {Leaving} users", watch.Elapsed);
        watch.Restart();
        await becomesAsync(before.Used + Seats, Users - Seats - Leaving);
        Measurements.Print($"their {Leaving} seats were with the next in line", watch.Elapsed);
        licensed = await system.Admin.LicensedAsync(before.Id);
        Assert.DoesNotContain(leaving, user => licensed.Contains(user.UserName));

        // Who comes back waits behind the others.
        foreach (var user in leaving.Take(5)) await entra.ReassignAsync(user, default);
        await becomesAsync(before.Used + Seats, Users - Seats - Leaving + 5);
        licensed = await system.Admin.LicensedAsync(before.Id);
        Assert.DoesNotContain(leaving, user => licensed.Contains(user.UserName));

        watch.Restart();
        await entra.RemoveGroupAsync(tenant.Groups[0], default);
        await becomesAsync(before.Used, 0);
        Measurements.Print("Entra removed the group, and all its seats were free", watch.Elapsed);
    }
}
