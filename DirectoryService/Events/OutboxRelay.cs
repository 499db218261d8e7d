using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Events;

/// <summary>
/// Publishes the outbox (relay of the transactional outbox pattern). One replica at a time: the one whose connection holds an
/// advisory lock. Rows are deleted through the same connection, so that a replica that lost the lock can publish twice
/// (consumers are idempotent) but deletes nothing.
/// <code>
/// lock ─► take up to 500 visible rows by seq ─► publish, 100 confirms in flight ─► delete + seal in one statement ─┐
///           ▲                                                                                                     │
///           └── at once after a full batch, after a pause after a small one, else after a signal or the poll interval ┘
/// </code>
/// </summary>
internal sealed partial class OutboxRelay(
    [FromKeyedServices(Database.Background)] NpgsqlDataSource db, OutboxSignal outbox, OutboxNotifier notifier, FactPublisher publisher, TimeProvider clock, ILogger<OutboxRelay> log) : BackgroundService
{
    private const long LockKey = 0x70726f765f6f7578; // "prov_oux"
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private const int Few = 10;
    private static readonly TimeSpan ShortPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongPause = TimeSpan.FromMilliseconds(50);

    private readonly BackgroundLoop leading = new("The relay", clock, log, longestBackOff: Poll);
    private readonly BackgroundLoop listening = new("The relay's wait for notices", clock, log);
    private readonly BackOff whileBrokerIsAway = new(TimeSpan.FromMilliseconds(100), longest: TimeSpan.FromSeconds(2));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => leading.RunAsync(
        async cancellationToken =>
        {
            await using (var connection = await db.OpenConnectionAsync(cancellationToken))
                if (await TryLockAsync(connection, cancellationToken)) await RunAsLeaderAsync(connection, cancellationToken);
            // Another replica holds the lock. No connection is kept while waiting for it.
            await Task.Delay(Poll, clock, cancellationToken);
        },
        stoppingToken);

    private async Task RunAsLeaderAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        LogLockAcquired();
        notifier.Silent = true;
        using var leadership = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var listener = listening.RunAsync(ListenAsync, leadership.Token);
        try
        {
            var table = new OutboxTable(connection);
            while (true)
            {
                var rows = await table.ListAsync(stoppingToken);
                if (rows.Count == 0)
                {
                    await outbox.WaitAsync(Poll, stoppingToken);
                    continue;
                }
                var outcome = await publisher.PublishAsync(rows, stoppingToken);
                await table.StoreOutcomeAsync(outcome, stoppingToken);
                var pause = outcome.BrokerAway ? BackOffOf(outcome) : Pause(rows.Count);
                if (!outcome.BrokerAway) whileBrokerIsAway.Succeeded();
                if (pause > TimeSpan.Zero) await Task.Delay(pause, clock, stoppingToken);
            }
        }
        finally
        {
            notifier.Silent = false;
            await leadership.CancelAsync();
            await listener;
            await UnlockAsync(connection);
        }
    }

    /// <summary>
    /// The pause after a round, so that single facts are published together; it grows with the number of facts. Each round
    /// costs commits and messages here and in every consumer, whatever its size. There is no pause while a backlog exists.
    /// </summary>
    private static TimeSpan Pause(int published) => published switch
    {
        < Few => ShortPause,
        < FactBatch.MaxFacts => LongPause,
        _ => TimeSpan.Zero,
    };

    private TimeSpan BackOffOf(PublishOutcome outcome)
    {
        var pause = whileBrokerIsAway.Failed();
        if (whileBrokerIsAway.ShouldLog) LogBrokerAway(outcome.FirstError);
        return pause;
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await db.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"LISTEN {OutboxNotifier.Channel}", cancellationToken);
        try
        {
            while (true)
            {
                await connection.WaitAsync(cancellationToken);
                outbox.SignalNotified();
            }
        }
        catch (OperationCanceledException)
        {
            // UNLISTEN, because the pool keeps the state of the session.
            await ExecuteAsync(connection, $"UNLISTEN {OutboxNotifier.Channel}", CancellationToken.None);
            throw;
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockKey})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Unlocks explicitly, because a pooled connection keeps its session and the session its lock, and no other replica could
    /// take it. When the session is lost, the lock is released.
    /// </summary>
    private async Task UnlockAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock({LockKey})", connection);
            await command.ExecuteScalarAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            LogDatabaseLost(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This replica publishes the outbox now.")]
    private partial void LogLockAcquired();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker takes no messages; what is written waits in the outbox.")]
    private partial void LogBrokerAway(Exception? error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay lost its database connection, and its lock with it.")]
    private partial void LogDatabaseLost(Exception error);
}
