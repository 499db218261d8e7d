using System.Diagnostics.Metrics;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace LicenseService.Work;

/// <summary>Metrics of seats over all accounts, measured every 30 s by one statement over the pools.</summary>
internal sealed class SeatMetrics : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private readonly Meter meter = new("Provisioning.Seats");
    private readonly NpgsqlDataSource database;
    private readonly BackgroundLoop loop;
    private SeatCounts now = new(0, 0, 0, 0);

    private sealed record SeatCounts(long Bought, long Used, long Held, long Waiting);

    public SeatMetrics([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock, ILogger<SeatMetrics> log)
    {
        (this.database, loop) = (database, new BackgroundLoop("The count of seats", clock, log));
        Gauge("provisioning.license.seats.limit", "{seat}", "Seats that were bought", counted => counted.Bought);
        Gauge("provisioning.license.seats.used", "{seat}", "Seats that somebody holds", counted => counted.Used);
        Gauge("provisioning.license.seats.held", "{seat}", "Open seats that are kept back after a mass deactivation", counted => counted.Held);
        Gauge("provisioning.license.users.waiting", "{user}", "Users that wait for a seat", counted => counted.Waiting);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(Every, CountAsync, stoppingToken);

    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    private void Gauge(string name, string unit, string description, Func<SeatCounts, long> value) =>
        meter.CreateObservableUpDownCounter(name, () => value(Volatile.Read(ref now)), unit, description);

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT coalesce(sum(seats), 0)::bigint, coalesce(sum(used), 0)::bigint, coalesce(sum(held), 0)::bigint, (SELECT count(*) FROM waiting) FROM pools");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Volatile.Write(ref now, new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
    }
}
