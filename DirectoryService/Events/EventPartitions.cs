using DirectoryService.Storage;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Events;

/// <summary>
/// Creates the monthly partitions of the table events in advance, once a day. While that fails, events are stored in the default partition.
/// </summary>
internal sealed class EventPartitions([FromKeyedServices(Database.Background)] NpgsqlDataSource db, TimeProvider clock, ILogger<EventPartitions> log) : BackgroundService
{
    private const int MonthsAhead = 3;
    private readonly BackgroundLoop loop = new("The making of partitions of the events log", clock, log, longestBackOff: TimeSpan.FromMinutes(10));

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(TimeSpan.FromDays(1), EnsureAsync, stoppingToken);

    private async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT ensure_event_partitions($1, $2)");
        command.Parameters.With(DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)).With(MonthsAhead);
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
