using System.Diagnostics;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>Case f: the first sync of a tenant, every user in a group, until license and policy service know all of it.</summary>
internal sealed class FirstSyncCase(MeasuredSystem system, BenchOptions options, Report report)
{
    private const int Connections = 32;
    private const string Prefix = "first.";

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var (users, groups) = options.Quick ? (2_000, 20) : (100_000, 1_000);
        using var scim = new ScimRequests(system.Directory, Connections);
        await using var followers = new FollowerDatabases(system);
        var tenant = new SyncedTenant(scim, Prefix, Connections);
        report.Progress($"f: a first sync of {users:N0} users");
        var began = Stopwatch.GetTimestamp();
        await tenant.AddUsersAsync(users, cancellationToken);
        var usersDone = Stopwatch.GetElapsedTime(began);
        report.Progress($"f: and of {groups:N0} groups of {users / groups} each");
        await tenant.AddGroupsAsync(groups, n => Enumerable.Range(n * (users / groups), users / groups), cancellationToken);
        var answered = Stopwatch.GetElapsedTime(began);
        report.Progress("f: until both services are level");
        var level = await followers.LevelAsync(Prefix, users, users, cancellationToken);
        report.Add('f', $"first sync of {users:N0} users: answered", usersDone.TotalSeconds, "s");
        report.Add('f', $"and of {groups:N0} groups of {users / groups}: answered", answered.TotalSeconds, "s");
        report.Add('f', "license service level", Stopwatch.GetElapsedTime(began, level.License).TotalSeconds, "s");
        report.Add('f', "policy service level", Stopwatch.GetElapsedTime(began, level.Policy).TotalSeconds, "s");
        report.Add('f', "end to end", Stopwatch.GetElapsedTime(began, Math.Max(level.License, level.Policy)).TotalSeconds, "s", options.Quick ? null : Goal.AtMost(120));
    }
}
