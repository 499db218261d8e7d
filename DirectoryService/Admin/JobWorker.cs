using Npgsql;

namespace DirectoryService.Admin;

/// <summary>
/// Works off bulk jobs, a chunk at a time. An item is claimed by its row lock, acted upon, and settled; a replica that dies
/// in between lets go of the lock, and another does the item again, which changes nothing twice (actions are idempotent).
/// </summary>
internal sealed partial class JobWorker(NpgsqlDataSource db, JobTable jobs, ConsoleWrites writes, JobSignal signal, ILogger<JobWorker> log) : BackgroundService
{
    private const int Chunk = 50;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await WorkAsync(stoppingToken) == 0) await signal.WaitAsync(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException error)
            {
                LogFailed(error);
                await signal.WaitAsync(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var work = await JobTable.ClaimAsync(transaction, Chunk, cancellationToken);
        if (work.Count == 0)
        {
            await jobs.FinishAsync(cancellationToken);
            return 0;
        }
        var done = new List<(JobTable.Work, string, string?)>(work.Count);
        foreach (var item in work) done.Add(await ActAsync(item, cancellationToken));
        await JobTable.SettleAsync(transaction, done, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await jobs.FinishAsync(cancellationToken);
        return work.Count;
    }

    private async Task<(JobTable.Work, string, string?)> ActAsync(JobTable.Work item, CancellationToken cancellationToken)
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Bulk jobs wait for the database.")]
    private partial void LogFailed(Exception error);
}
