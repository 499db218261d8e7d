using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Events;

/// <summary>Makes the log's partitions of the coming months, once a day.</summary>
internal sealed partial class EventPartitions(NpgsqlDataSource db, TimeProvider clock, ILogger<EventPartitions> log) : BackgroundService
{
    private const int MonthsAhead = 3;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var daily = new PeriodicTimer(TimeSpan.FromDays(1), clock);
        do
        {
            try
            {
                await using var command = db.CreateCommand("SELECT ensure_event_partitions($1, $2)");
                command.Parameters.With(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).With(MonthsAhead);
                await command.ExecuteScalarAsync(stoppingToken);
            }
            catch (NpgsqlException error)
            {
                LogFailed(error);
            }
        }
        while (await WaitAsync(daily, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try { return await timer.WaitForNextTickAsync(stoppingToken); }
        catch (OperationCanceledException) { return false; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partitions of the events log could not be made; events go to the default partition until the next try, tomorrow or at a restart.")]
    private partial void LogFailed(Exception error);
}
