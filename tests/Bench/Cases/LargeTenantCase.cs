using System.Diagnostics;
using Bench.Loading;
using Bench.Running;

namespace Bench.Cases;

/// <summary>
/// Case h: a tenant whose seats and policies go by groups, with more users than seats, lets go of a tenth of its users at
/// once. The directory raises its alert: what was freed until then is passed on at once, the rest when an admin says so.
/// </summary>
internal sealed class LargeTenantCase(MeasuredSystem system, BenchOptions options, Report report)
{
    private const int Connections = 32;
    private const string Prefix = "tenant.";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private sealed record Sizes(int Users, int Groups, int Policies, int Seats, int Leavers);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var size = options.Quick ? new Sizes(500, 20, 4, 300, 150) : new Sizes(10_000, 200, 20, 8_000, 1_000);
        using var admin = new AdminApi(system.Endpoints);
        await using var followers = new FollowerDatabases(system);
        using var scim = new ScimRequests(system.Endpoints.Directories.First(directory => directory.Provider == "EntraId"), Connections);
        var tenant = new SyncedTenant(scim, Prefix, Connections);

        report.Progress($"h: {size.Users:N0} users, each in two of {size.Groups} groups");
        var began = Stopwatch.GetTimestamp();
        await tenant.AddUsersAsync(size.Users, cancellationToken);
        await tenant.AddGroupsAsync(size.Groups, n => MembersOf(n, size), cancellationToken);
        await followers.LevelAsync(Prefix, size.Users, Enumerable.Range(0, size.Groups).Sum(n => MembersOf(n, size).Count()), cancellationToken);
        Took($"{size.Users:N0} users and {size.Groups} groups synced, both services level", began);
        var users = await followers.InternalIdsAsync(tenant.Users, "users", cancellationToken);
        var groups = await followers.InternalIdsAsync(tenant.Groups, "groups", cancellationToken);

        report.Progress($"h: {size.Policies} policies, {size.Groups} rules for {size.Seats:N0} seats");
        began = Stopwatch.GetTimestamp();
        foreach (var some in groups.Chunk(size.Groups / size.Policies))
            await admin.CreateAsync("policies", new { name = $"Policy {Guid.NewGuid():n}", groupIds = some }, cancellationToken);
        Took($"{size.Policies} policies made", began);
        await ReleaseAsync(admin, cancellationToken); // case e let go of many users too
        began = Stopwatch.GetTimestamp();
        var pool = await admin.PoolAsync(cancellationToken);
        var seats = pool.Used + size.Seats;
        await admin.SendAsync(HttpMethod.Put, $"licenses/pools/{pool.Id}", new { seats }, cancellationToken);
        foreach (var group in groups)
            await admin.CreateAsync($"licenses/pools/{pool.Id}/rules", new { kind = "group", groupId = group }, cancellationToken);
        await UntilAsync("all seats given", async () => (await admin.PoolAsync(cancellationToken)).Used == seats, cancellationToken);
        Took($"{size.Groups} rules made and all {size.Seats:N0} seats given", began);

        var leavers = (await followers.HoldersAsync(users, cancellationToken)).Take(size.Leavers).ToArray();
        var scimIds = users.Zip(tenant.Users).ToDictionary(pair => pair.First, pair => pair.Second);
        report.Progress($"h: {size.Leavers:N0} holders are disabled");
        began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(leavers, new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = cancellationToken },
            async (user, cancel) => await tenant.DisableAsync(scimIds[user], cancel));
        Took($"{size.Leavers:N0} users disabled in Entra: answered", began);
        began = Stopwatch.GetTimestamp();
        var gone = TimedAsync("memberships gone", "and gone from their policies after", async () => await followers.ActiveAsync(leavers, cancellationToken) is []);
        await TimedAsync("seats free", "and their seats freed after", async () => await followers.HoldersAsync(leavers, cancellationToken) is []);
        await gone;

        var after = await admin.PoolAsync(cancellationToken);
        await UntilAsync("every seat passed on or kept back", async () => (after = await admin.PoolAsync(cancellationToken)) is var now && now.Used + now.Held == now.Seats, cancellationToken);
        Took("freed seats passed on, or kept back by the alert, after", began);
        report.Add('h', "seats that the alert kept back", after.Held, "");
        if (after.Held == 0) return;
        began = Stopwatch.GetTimestamp();
        await ReleaseAsync(admin, cancellationToken);
        await UntilAsync("every seat passed on", async () => (await admin.PoolAsync(cancellationToken)).Used == seats, cancellationToken);
        Took("an admin releases them: passed on after", began);

        async Task TimedAsync(string what, string told, Func<Task<bool>> reached)
        {
            await UntilAsync(what, reached, cancellationToken);
            Took(told, began);
        }
    }

    /// <summary>Each user is in one group by its number, and in another one.</summary>
    private static IEnumerable<int> MembersOf(int group, Sizes size) =>
        Enumerable.Range(0, size.Users).Where(user => user % size.Groups == group || (user % size.Groups + 1 + user / size.Groups % (size.Groups - 1)) % size.Groups == group);

    private static async Task ReleaseAsync(AdminApi admin, CancellationToken cancellationToken)
    {
        foreach (var hold in (await admin.GetAsync("licenses/holds", cancellationToken))["items"]!.AsArray().Where(hold => (string?)hold!["state"] == "open"))
            await admin.SendAsync(HttpMethod.Post, $"licenses/holds/{hold!["id"]}/release", null, cancellationToken);
    }

    private void Took(string what, long since) => report.Add('h', what, Stopwatch.GetElapsedTime(since).TotalSeconds, "s");

    private static async Task UntilAsync(string what, Func<Task<bool>> reached, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            if (Stopwatch.GetElapsedTime(began) > Bound) throw new InvalidOperationException($"Waited {Bound} in vain for: {what}.");
            await Task.Delay(Look, cancellationToken);
        }
    }
}
