using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Events;

/// <summary>
/// Notifies the replica that runs the relay, by NOTIFY, that this replica wrote to the outbox. It does so after the commit, at
/// most once per <see cref="Pause"/> and on another connection, so that no write waits for it. A lost notification delays
/// publishing until the next poll.
/// </summary>
internal sealed class OutboxNotifier([FromKeyedServices(Database.Background)] NpgsqlDataSource db, OutboxSignal outbox, TimeProvider clock, ILogger<OutboxNotifier> log) : BackgroundService
{
    internal const string Channel = "outbox";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly BackgroundLoop loop = new("The notice to the relay", clock, log);

    /// <summary>True while this replica runs the relay itself, so that no NOTIFY is needed.</summary>
    internal bool Silent { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var written = new SemaphoreSlim(0, 1);
        outbox.Written += OnWritten;
        try
        {
            await loop.RunAsync(
                async cancellationToken =>
                {
                    await written.WaitAsync(cancellationToken);
                    await NotifyAsync(cancellationToken);
                    await Task.Delay(Pause, clock, cancellationToken);
                },
                stoppingToken);
        }
        finally
        {
            outbox.Written -= OnWritten;
        }

        void OnWritten()
        {
            if (Silent) return;
            try { written.Release(); }
            catch (SemaphoreFullException) { /* a notice is due already */ }
        }
    }

    private async Task NotifyAsync(CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"NOTIFY {Channel}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
