using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace PolicyService.Feed;

/// <summary>
/// Wakes streams when their account's feed has grown: at once when this process wrote to it, and by asking the database
/// every <see cref="Poll"/> for what other replicas wrote; one question for all streams. (NOTIFY would tell at once, but it
/// makes all commits of the database wait for each other.)
/// </summary>
internal sealed class FeedSignal([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock, ILogger<FeedSignal> log) : BackgroundService
{
    internal static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly BackgroundLoop loop = new("The look for membership changes that streams wait for", clock, log, longestBackOff: TimeSpan.FromSeconds(1));
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, List<Waiter>> waiting = [];

    private sealed record Waiter(long After, TaskCompletionSource Woken);

    /// <summary>Something was committed to the account's feed.</summary>
    internal void Raise(Guid account) => Wake(account, long.MaxValue);

    /// <summary>
    /// Ends when the feed may have grown behind <paramref name="after"/>, at the latest after <paramref name="patience"/>;
    /// says whether it may. What was committed before the call is found by the next poll.
    /// </summary>
    internal async Task<bool> WaitAsync(Guid account, long after, TimeSpan patience, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(after, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
        {
            if (!waiting.TryGetValue(account, out var waiters)) waiting[account] = waiters = [];
            waiters.Add(waiter);
        }
        try
        {
            await waiter.Woken.Task.WaitAsync(patience, clock, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (gate)
            {
                if (waiting.TryGetValue(account, out var waiters) && waiters.Remove(waiter) && waiters.Count == 0) waiting.Remove(account);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Poll, AskAsync, stoppingToken);

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        Guid[] accounts;
        lock (gate) accounts = [.. waiting.Keys];
        if (accounts is []) return;
        await using var command = database.CreateCommand("SELECT account_id, position FROM membership_feeds WHERE account_id = ANY ($1)", accounts);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) Wake(reader.GetGuid(0), reader.GetInt64(1));
    }

    private void Wake(Guid account, long position)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(account, out var waiters)) return;
            foreach (var waiter in waiters)
                if (position > waiter.After) waiter.Woken.TrySetResult();
        }
    }
}
