using System.Collections.Concurrent;
using System.Diagnostics;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>Case e: from the SCIM answer to the seat free, and to the policy without the user, at 100 requests a second.</summary>
internal sealed class PropagationCase(MeasuredSystem system, BenchOptions options, Report report)
{
    private const int PerSecond = 100;
    private const string Prefix = "leaver.";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = PerSecond * options.Seconds * options.Rounds;
        using var admin = new AdminApi(system.Endpoints);
        await using var followers = new FollowerDatabases(system);
        using var scim = new ScimRequests(system.Directory, 32);
        report.Progress($"e: {count:N0} users with a seat and a policy");
        var tenant = new SyncedTenant(scim, Prefix, 32);
        await tenant.AddUsersAsync(count, cancellationToken);
        await tenant.AddGroupsAsync(1, _ => Enumerable.Range(0, count), cancellationToken);
        await followers.LevelAsync(Prefix, count, count, cancellationToken);
        var users = await followers.InternalIdsAsync(tenant.Users, "users", cancellationToken);
        var group = (await followers.InternalIdsAsync(tenant.Groups, "groups", cancellationToken))[0];
        var pool = await admin.PoolAsync(cancellationToken);
        await admin.SendAsync(HttpMethod.Put, $"licenses/pools/{pool.Id}", new { seats = pool.Used + count }, cancellationToken);
        var rule = await admin.CreateAsync($"licenses/pools/{pool.Id}/rules", new { kind = "group", groupId = group }, cancellationToken);
        var policy = await admin.CreateAsync("policies", new { name = $"Leavers {Guid.NewGuid():n}", groupIds = new[] { group } }, cancellationToken);
        while ((await followers.HoldersAsync(users, cancellationToken)).Count < count) await Task.Delay(Look, cancellationToken);

        report.Progress($"e: {PerSecond} of them a second are disabled");
        var answered = new ConcurrentDictionary<Guid, long>();
        var freed = SeenAsync(users, answered, followers.HoldersAsync, cancellationToken);
        var gone = SeenAsync(users, answered, followers.ActiveAsync, cancellationToken);
        await Pace.RunAsync(PerSecond, count, async n =>
        {
            await tenant.DisableAsync(tenant.Users[n], cancellationToken);
            answered[users[n]] = Stopwatch.GetTimestamp();
        }, cancellationToken);
        Tell("the seat is free", await freed);
        Tell("the policy is without the user", await gone);
        await admin.SendAsync(HttpMethod.Delete, $"licenses/pools/{pool.Id}/rules/{rule}", null, cancellationToken);
        await admin.SendAsync(HttpMethod.Delete, $"policies/{policy}", null, cancellationToken);
    }

    private void Tell(string what, List<double> milliseconds)
    {
        report.Add('e', $"from the SCIM answer until {what}, p50", Percentile.Median(milliseconds), "ms");
        report.Add('e', $"from the SCIM answer until {what}, p99", Percentile.Of(milliseconds, 0.99), "ms", Goal.AtMost(500));
    }

    /// <summary>Looks every few milliseconds who of those that were answered is not there any more.</summary>
    /// <param name="still">Of some users, those who still hold what they are to lose.</param>
    private static async Task<List<double>> SeenAsync(
        Guid[] users, ConcurrentDictionary<Guid, long> answered, Func<IReadOnlyCollection<Guid>, CancellationToken, Task<List<Guid>>> still, CancellationToken cancellationToken)
    {
        var left = users.ToHashSet();
        var took = new List<double>();
        while (left.Count > 0)
        {
            var due = answered.Where(pair => left.Contains(pair.Key)).ToList();
            if (due.Count > 0)
            {
                var holding = (await still([.. due.Select(pair => pair.Key)], cancellationToken)).ToHashSet();
                foreach (var (user, at) in due)
                {
                    if (holding.Contains(user)) continue;
                    took.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                    left.Remove(user);
                }
            }
            await Task.Delay(Look, cancellationToken);
        }
        return took;
    }
}
