using System.Collections.Concurrent;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.Lag;
using ServiceDefaults.Messaging;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Rebuilding;

/// <summary>
/// Rebuilds an account's projections from the directory's state feed, while they stay readable and facts are still applied.
/// <code>
/// 1. mark it as running       exclusive lock: from the commit on, every replica applies facts to the shadow tables too
/// 2. copy the feed             its snapshot is newer than step 1, so it includes everything applied before
/// 3. wait                      until facts that the snapshot includes have arrived; they are no differences
/// 4. correct differences       exclusive lock; with the service's own tables and the result, in one transaction
/// </code>
/// A replica that dies leaves a row in state running without its lock. Every replica looks for such rows (and so does GET
/// …/rebuild) and marks them as failed. Only the shadow tables have changed then.
/// </summary>
internal sealed partial class Rebuilder(
    [FromKeyedServices(Database.Background)] NpgsqlDataSource database, IFactReaction reaction, QueueDepth queue, FactBatcher batcher, TimeProvider clock, ILogger<Rebuilder> log) : BackgroundService
{
    private const int ChunkRows = 2_000;
    private const int Attempts = 3;
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly BackgroundLoop loop = new("The watch over rebuilds", clock, log);
    private readonly ConcurrentDictionary<Guid, Task> running = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Starts a rebuild. Returns false when one runs already.</summary>
    internal async Task<bool> TryBeginAsync(Guid account, string startedBy, DirectoryStateClient feed, string accessToken, CancellationToken cancellationToken)
    {
        var session = await RebuildSession.TryOpenAsync(database, account, cancellationToken);
        if (session is null) return false;
        try
        {
            await using var transaction = await session.BeginExclusiveAsync(cancellationToken);
            await ShadowTables.ClearAsync(transaction, account, cancellationToken);
            await RebuildTable.BeginAsync(transaction, account, startedBy, clock.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
        running[account] = Task.Run(() => RunAsync(session, account, feed, accessToken), CancellationToken.None);
        return true;
    }

    private async Task RunAsync(RebuildSession session, Guid account, DirectoryStateClient feed, string accessToken)
    {
        try
        {
            Started(account);
            await CopyAsync(session, account, feed.ReadStateAsync(accessToken, stopping.Token), stopping.Token);
            await WaitForQueuedFactsAsync(session, account, feed, accessToken, stopping.Token);
            await CorrectAsync(session, account, stopping.Token);
        }
        catch (Exception error)
        {
            Failed(error, account);
            await EndAsync(session, account, stopping.IsCancellationRequested ? "The service was stopped meanwhile." : error.Message);
        }
        finally
        {
            await session.DisposeAsync();
            running.TryRemove(account, out _);
        }
    }

    private static async Task CopyAsync(RebuildSession session, Guid account, IAsyncEnumerable<IFact> state, CancellationToken cancellationToken)
    {
        var (chunk, rows, total) = (new List<IFact>(), 0, 0L);
        await foreach (var fact in state.WithCancellation(cancellationToken))
        {
            chunk.Add(fact);
            rows += fact is MembersChanged members ? members.Edges.Count : 1;
            if (rows < ChunkRows) continue;
            await StoreAsync();
            chunk.Clear();
            rows = 0;
        }
        await StoreAsync();

        async Task StoreAsync()
        {
            total += rows;
            await using (var transaction = await session.BeginAsync(cancellationToken))
            {
                await ProjectionTables.Shadow.StoreAsync(transaction, NewestFacts.Of(chunk), cancellationToken);
                await RebuildTable.ProgressAsync(transaction, account, total, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            // In a separate transaction, because facts that arrive meanwhile lock groups before edges.
            if (chunk.OfType<GroupChanged>().ToList() is not { Count: > 0 } groups) return;
            await using var known = await session.BeginAsync(cancellationToken);
            await ShadowTables.EdgesKnownAsync(known, groups, cancellationToken);
            await known.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Waits while there are differences that facts on their way may explain.</summary>
    private async Task WaitForQueuedFactsAsync(RebuildSession session, Guid account, DirectoryStateClient feed, string accessToken, CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() + Patience;
        for (var last = false; clock.GetUtcNow() < until; await Task.Delay(Pause, clock, cancellationToken))
        {
            await using var transaction = await session.BeginAsync(cancellationToken);
            var found = await ShadowTables.CompareAsync(transaction, account, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (found.Total == 0 || last) return;
            // The queues are empty. Facts that other replicas have received are applied within the next pause.
            last = await NothingQueuedAsync(feed, accessToken, cancellationToken);
        }
    }

    /// <summary>
    /// Whether no facts are queued. Returns true when that cannot be found out: an access token that expired during the copy is
    /// no reason to fail.
    /// </summary>
    private async Task<bool> NothingQueuedAsync(DirectoryStateClient feed, string accessToken, CancellationToken cancellationToken)
    {
        try
        {
            return await feed.BacklogAsync(accessToken, cancellationToken) is { Events: 0 }
                && batcher.Pending.Count == 0
                && await queue.CountAsync(cancellationToken) is { Total: 0 };
        }
        catch (Exception error) when (error is HttpRequestException or BrokerUnavailableException)
        {
            return true;
        }
    }

    private async Task CorrectAsync(RebuildSession session, Guid account, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var transaction = await session.BeginExclusiveAsync(cancellationToken);
                await ShadowTables.DropOutdatedEdgesAsync(transaction, account, cancellationToken);
                var before = await ShadowTables.ChecksumAsync(transaction, account, cancellationToken);
                var found = await ShadowTables.CompareAsync(transaction, account, cancellationToken);
                await ShadowTables.CorrectAsync(transaction, account, cancellationToken);
                await reaction.ReconcileAsync(transaction, account, cancellationToken);
                var after = await ShadowTables.ChecksumAsync(transaction, account, cancellationToken);
                await RebuildTable.DoneAsync(transaction, account, before, after, found, clock.GetUtcNow(), cancellationToken);
                await ShadowTables.ClearAsync(transaction, account, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                Finished(account, found.Total, before, after);
                return;
            }
            catch (PostgresException error) when (error.IsTransient && attempt < Attempts)
            {
                Retried(error, account);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Watch, EndAbandonedAsync, stoppingToken);

    private async Task EndAbandonedAsync(CancellationToken cancellationToken)
    {
        foreach (var account in await RebuildTable.RunningAsync(database, cancellationToken)) await EndIfAbandonedAsync(account, cancellationToken);
    }

    /// <summary>Marks a rebuild as failed that is stored as running but whose lock is free.</summary>
    internal async Task EndIfAbandonedAsync(Guid account, CancellationToken cancellationToken)
    {
        if (await RebuildSession.TryOpenAsync(database, account, cancellationToken) is not { } session) return;
        await using (session) await EndAsync(session, account, "The replica that did it is gone. Nothing was changed; start it again.");
    }

    /// <summary>Stores the failure. If the session is lost too, the periodic check stores it.</summary>
    private async Task EndAsync(RebuildSession session, Guid account, string error)
    {
        try
        {
            await using var transaction = await session.BeginExclusiveAsync(CancellationToken.None);
            await RebuildTable.FailAsync(transaction, account, error, clock.GetUtcNow(), CancellationToken.None);
            await ShadowTables.ClearAsync(transaction, account, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException)
        {
            EndFailed(lost);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Values).WaitAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        stopping.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Information, "Account {Account} is being rebuilt from the directory")]
    private partial void Started(Guid account);

    [LoggerMessage(LogLevel.Information, "Account {Account} is rebuilt: {Differences} differences, checksum before {Before}, after {After}")]
    private partial void Finished(Guid account, long differences, string before, string after);

    [LoggerMessage(LogLevel.Warning, "The rebuild of account {Account} failed; its projections are as they were")]
    private partial void Failed(Exception error, Guid account);

    [LoggerMessage(LogLevel.Warning, "Correcting account {Account} hit a lock conflict and is retried")]
    private partial void Retried(Exception error, Guid account);

    [LoggerMessage(LogLevel.Warning, "The result of a rebuild could not be stored; the next check of rebuilds stores it")]
    private partial void EndFailed(Exception error);
}
