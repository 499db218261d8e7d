using Npgsql;

namespace DirectoryService.Events;

/// <summary>
/// Tells the replica that runs the relay, by NOTIFY, that this one wrote something: after the commit, at most once per
/// <see cref="Pause"/> and apart from the write, so that no write waits for it. Lost notices cost one poll.
/// </summary>
internal sealed partial class OutboxNotifier(NpgsqlDataSource db, OutboxSignal outbox, ILogger<OutboxNotifier> log) : BackgroundService
{
    internal const string Channel = "outbox";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Set while this replica runs the relay itself and needs no telling.</summary>
    internal bool Silent { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var written = new SemaphoreSlim(0, 1);
        outbox.Written += OnWritten;
        try
        {
            while (true)
            {
                await written.WaitAsync(stoppingToken);
                await NotifyAsync(stoppingToken);
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
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
        try
        {
            await using var command = db.CreateCommand($"NOTIFY {Channel}");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException error)
        {
            LogNotNotified(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The relay could not be notified; its next poll finds what was written.")]
    private partial void LogNotNotified(Exception error);
}
