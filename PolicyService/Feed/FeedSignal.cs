using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace PolicyService.Feed;

/// <summary>
/// Wakes streams when the feed of their account has new records: at once for records of this process, and by polling the
/// database every <see cref="Poll"/> for records of other replicas, with one query for all streams. (NOTIFY would be faster,
/// but it serializes all commits of the database.)
/// </summary>
internal sealed class FeedSignal([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock, ILogger<FeedSignal> log) : BackgroundService
{
    internal static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly BackgroundLoop loop = new("The poll for new records of the membership feed", clock, log, longestBackOff: TimeSpan.FromSeconds(1));
    private readonly Lock gate = new();
    private readonly Dictionary<Guid, List<Waiter>> waiting = [];

    private sealed record Waiter(long After, TaskCompletionSource Woken);

    /// <summary>Call after new records of the account were committed.</summary>
    internal void Raise(Guid account) => Wake(account, long.MaxValue);

    /// <summary>
    /// Waits until the feed may have records after <paramref name="after"/>, at most for <paramref name="patience"/>. Returns
    /// whether it may have. The next poll finds records that were committed before the call.
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Poll, PollAsync, stoppingToken);

    private async Task PollAsync(CancellationToken cancellationToken)
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
