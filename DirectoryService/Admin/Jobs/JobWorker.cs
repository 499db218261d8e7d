using DirectoryService.Admin.UsersAndGroups;
using ServiceDefaults.BackgroundLoops;

namespace DirectoryService.Admin.Jobs;

/// <summary>
/// Executes bulk jobs in chunks. An item is claimed for a limited time, executed, and its outcome stored. When a replica dies
/// in between, the claim expires and another replica executes the item again; actions are idempotent.
/// </summary>
internal sealed class JobWorker(
    JobTable jobs, ConsoleActionWrites writes, JobSignal signal, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    private const int Chunk = 50;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly BackgroundLoop loop = new("The work on bulk jobs", clock, log);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.RunAsync(
        async cancellationToken =>
        {
            if (await RunChunkAsync(cancellationToken) == 0) await signal.WaitAsync(Poll, cancellationToken);
        },
        stoppingToken);

    private async Task<int> RunChunkAsync(CancellationToken cancellationToken)
    {
        var work = await jobs.ClaimAsync(Chunk, cancellationToken);
        if (work.Count == 0)
        {
            await jobs.FinishAsync(cancellationToken);
            return 0;
        }
        var done = new List<(JobTable.ClaimedItem, string, string?)>(work.Count);
        foreach (var item in work) done.Add(await ExecuteItemAsync(item, cancellationToken));
        await jobs.StoreOutcomeAsync(done, cancellationToken);
        await jobs.FinishAsync(cancellationToken);
        return work.Count;
    }

    private async Task<(JobTable.ClaimedItem, string, string?)> ExecuteItemAsync(JobTable.ClaimedItem item, CancellationToken cancellationToken)
    {
        var action = ConsoleEndpoints.Action(item.Action)!.Value;
        var outcome = item.Target == "user"
            ? await writes.UserAsync(item.AccountId, item.TargetId, action, item.Actor, cancellationToken)
            : await writes.GroupAsync(item.AccountId, item.TargetId, action, item.Actor, cancellationToken);
        return outcome switch
        {
            { Refusal: { } why } => (item, "refused", why),
            { Status: null } => (item, "unknown", $"There is no {item.Target} {item.TargetId} in this account."),
            { Changed: true } => (item, "changed", null),
            _ => (item, "unchanged", null),
        };
    }
}
