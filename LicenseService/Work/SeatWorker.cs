using LicenseService.Holds;
using LicenseService.Waiting;
using ServiceDefaults.BackgroundLoops;

namespace LicenseService.Work;

/// <summary>
/// Evaluates users and allocates seats after facts and changes of rules. It runs two loops, so that single users do not wait
/// for a group of 100,000:
/// <code>
///  facts ─► pending_users ─┐ at once, up to 500 ┌────────┐   ┌─────────┐  seat allocation ┌────────┐
///                          ├───────────────────►│evaluate├──►│ waiting ├─────────────────►│ grants │
///  rules, groups ─► work ──┘ 1,000 at a time    └───┬────┘   └─────────┘  a seat is open  └────────┘
///                                                   └─ seats without a reason are freed
/// </code>
/// Work is stored in the database and claimed with SKIP LOCKED, so that any number of replicas share it. Another replica takes
/// over unfinished work within a second.
/// </summary>
internal sealed class SeatWorker(
    PendingUserReevaluation pending, BulkReevaluation walk, SeatReclaim takingBack, SeatAllocation handing, HoldStore holds, WaitingListAlerts news, WorkSignal signal, TimeProvider clock,
    ILogger<SeatWorker> log)
    : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Tidy = TimeSpan.FromHours(1);
    private readonly BackgroundLoop single = new("The work on seats of single users", clock, log);
    private readonly BackgroundLoop walks = new("The work on seats of many users", clock, log);
    private readonly WorkSignal walkSignal = new();
    private DateTimeOffset tidyAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        LoopAsync(single, signal, RunPendingUsersAsync, stoppingToken),
        LoopAsync(walks, walkSignal, RunBulkReevaluationAsync, stoppingToken));

    /// <summary>
    /// Runs until there is no work left. All users are evaluated before any seat is given, so that the outcome is
    /// deterministic. For tests.
    /// </summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        do
        {
            while (await pending.EvaluateNextAsync(cancellationToken) is { Users: > 0 } || await walk.RunBatchAsync(cancellationToken)) { }
        }
        while (await RunPendingUsersAsync(WorkKind.All, cancellationToken));
    }

    /// <summary>Returns true when there may be more work.</summary>
    private async Task<bool> RunPendingUsersAsync(WorkKind asked, CancellationToken cancellationToken)
    {
        if (asked.HasFlag(WorkKind.Bulk)) walkSignal.Raise();
        // Seats are reclaimed before any is allocated, and all users concerned are re-evaluated before the next allocation.
        if (asked.HasFlag(WorkKind.OpenSeats) && await takingBack.AdvanceAsync(cancellationToken)) return true;
        var (users, moved) = await pending.EvaluateNextAsync(cancellationToken);
        var more = users == PendingUserReevaluation.Batch;
        if (!asked.HasFlag(WorkKind.OpenSeats) && !moved) return more;
        more |= await holds.ReleaseExpiredAsync(cancellationToken);
        foreach (var (account, pool) in await handing.ListPoolsAsync(cancellationToken))
            more |= await handing.AllocateAsync(account, pool, cancellationToken);
        return more | await news.RecordAsync(cancellationToken);
    }

    private async Task<bool> RunBulkReevaluationAsync(WorkKind asked, CancellationToken cancellationToken)
    {
        if (await walk.RunBatchAsync(cancellationToken))
        {
            signal.Raise(WorkKind.OpenSeats);
            return true;
        }
        if (clock.GetUtcNow() < tidyAt) return false;
        await walk.DeleteFinishedAsync(cancellationToken);
        tidyAt = clock.GetUtcNow() + Tidy;
        return false;
    }

    /// <summary>A failed pass was rolled back, so its work is still stored and is tried again.</summary>
    private static Task LoopAsync(BackgroundLoop loop, WorkSignal wake, Func<WorkKind, CancellationToken, Task<bool>> work, CancellationToken stoppingToken)
    {
        var asked = WorkKind.All;
        return loop.RunAsync(
            async cancellationToken =>
            {
                if (await work(asked, cancellationToken)) return;
                // Wait a moment before each pass: facts arrive in streams, and one pass costs the same for one user as for a
                // hundred.
                await Task.Delay(BatchDelay, cancellationToken);
                asked = await wake.WaitAsync(Look, cancellationToken);
            },
            stoppingToken);
    }

    public override void Dispose()
    {
        walkSignal.Dispose();
        base.Dispose();
    }
}
