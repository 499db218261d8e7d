using System.Diagnostics;
using EndToEnd.Tests.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Testing;

namespace EndToEnd.Tests.Faults;

/// <summary>Each process of the system killed (SIGKILL) in turn while an identity provider writes: all come back, and nothing is lost.</summary>
[Collection(RunningSystem.Users)]
[Trait(LongRun.Trait, LongRun.Value)]
public sealed class KillTests(RunningSystem system)
{
    private static readonly string[] Resources = ["directory1", "directory2", "license", "policy", "gateway", "messaging", "postgres"];
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    /// <summary>Between two kills, so that each meets a system at work.</summary>
    private const int UsersBetween = 20;

    [Fact]
    public async Task Whatever_is_killed_comes_back_and_no_acknowledged_write_is_lost_nor_its_effect_on_licenses_and_policies()
    {
        using var workload = await Workload.BeginAsync(system.Admin);
        var group = await system.Admin.GroupIdAsync(workload.Directory, workload.GroupName);
        var policy = await system.Admin.CreatePolicyAsync($"Policy of {workload.GroupName}", group);
        var pool = await system.Admin.PoolAsync();
        await system.Admin.ResizeAsync(pool.Id, pool.Used + pool.Held + 5000);
        var rule = await system.Admin.CreateRuleAsync(pool.Id, group);
        try
        {
            workload.Start();
            await WriteOnAsync(workload, "the beginning");
            foreach (var resource in Resources) await KillAsync(resource, workload);
            await workload.StopAsync();
            Measurements.PrintCount("users written, added to the group, and every third disabled", workload.Acknowledged);
            Measurements.PrintCount("requests sent again, for want of an answer or of success", workload.Failures);

            Assert.Empty(await workload.DifferencesAsync());
            var active = workload.Active.ToHashSet(StringComparer.Ordinal);
            await Eventually.BecomesAsync("a seat for every active user, and for no other", LicensedAsync, licensed => licensed.SetEquals(active), Bound);
            await Eventually.BecomesAsync("every active user to be a member of the policy, and no other", async () => (await system.Admin.PolicyMembersAsync(policy)).Count, members => members == active.Count, Bound);
            foreach (var service in (string[])["licenses", "policies"]) await ComparesEqualAsync(service);
        }
        finally
        {
            await system.Admin.DeleteRuleAsync(pool.Id, rule);
        }

        async Task<HashSet<string>> LicensedAsync() =>
            [.. (await system.Admin.LicensedAsync(pool.Id)).Where(name => name.EndsWith("@faults.example", StringComparison.Ordinal))];
    }

    private async Task KillAsync(string resource, Workload workload)
    {
        var before = system.Resources.Find(resource);
        var watch = Stopwatch.StartNew();
        using (var process = Process.GetProcessById(before.Pid!.Value)) process.Kill();
        await Eventually.BecomesAsync($"{resource} to be back", () => Task.FromResult(system.Resources.Find(resource)),
            now => now.Pid is not null && now.Pid != before.Pid && now.Health == HealthStatus.Healthy, Bound);
        Measurements.Print($"from the kill of {resource} to a healthy one", watch.Elapsed);
        await WriteOnAsync(workload, resource);
        Measurements.Print($"from the kill of {resource} to {UsersBetween} more users", watch.Elapsed);
    }

    private static async Task WriteOnAsync(Workload workload, string after)
    {
        var before = workload.Acknowledged;
        await Eventually.TrueAsync($"writes to go on after {after}", async () =>
        {
            await workload.CheckAsync();
            return workload.Acknowledged >= before + UsersBetween;
        }, Bound);
    }

    private async Task ComparesEqualAsync(string service)
    {
        await Eventually.BecomesAsync($"{service} to be level", () => system.Admin.LagAsync(service), lag => lag.Events == 0, Bound);
        await system.Admin.StartRebuildAsync(service);
        var (rebuild, _) = await Eventually.BecomesAsync($"the end of the rebuild of {service}", () => system.Admin.RebuildAsync(service), now => now.State != "running", Bound);
        Assert.Equal(("done", 0L), (rebuild.State, rebuild.Differences?.Total));
    }
}
