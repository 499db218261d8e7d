using Contracts.Events.V1;
using DirectoryService.Admin.Directories;
using DirectoryService.Storage;
using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Storage;

namespace DirectoryService.Events;

/// <summary>
/// Finds directories whose identity provider deactivated or removed unusually many users within one hour, and raises an alert,
/// at most one per hour and directory. The alert is part of the directory's state and is published in its fact. The
/// deactivations are still carried out.
/// </summary>
internal sealed partial class MassDeactivationMonitor(
    [FromKeyedServices(Database.Background)] NpgsqlDataSource db, DirectoryTable directories, IOptions<MassDeactivationOptions> limits, TimeProvider clock, ILogger<MassDeactivationMonitor> log) : BackgroundService
{
    private static readonly Actor Watch = new() { Kind = "system", Id = "deactivation-watch" };

    private readonly BackgroundLoop loop = new("The watch for mass deactivations", clock, log);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loop.EveryAsync(limits.Value.Every, CheckAsync, stoppingToken);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (var (accountId, directoryId, alert) in await FindAsync(cancellationToken))
        {
            // Two replicas may find the same; optimistic concurrency on the directory's version lets only one raise the alert.
            if (await directories.RaiseAlertAsync(accountId, directoryId, alert, Watch, cancellationToken)) LogRaised(alert.Deactivated, alert.Users, directoryId);
        }
    }

    private async Task<IReadOnlyList<(Guid AccountId, Guid DirectoryId, MassDeactivation Alert)>> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            WITH deactivated AS (
              SELECT account_id, directory_id, count(DISTINCT aggregate_id) AS users FROM events
              WHERE at > $1::timestamptz - interval '1 hour' AND aggregate = 'user' AND change IN ('deactivated', 'removed')
                AND actor->>'kind' = 'scimToken' AND directory_id IS NOT NULL
              GROUP BY account_id, directory_id),
            counted AS (
              SELECT l.*, coalesce(d.alert_users, $2) AS most, coalesce(d.alert_share, $3) AS share,
                (SELECT count(*) FROM users u WHERE u.directory_id = l.directory_id AND NOT u.removed) AS known
              FROM deactivated l JOIN directories d ON d.id = l.directory_id AND d.deleted_at IS NULL
              WHERE l.users >= coalesce(d.alert_at_least, $4)
                AND (d.last_alert IS NULL OR (d.last_alert->>'at')::timestamptz <= $1::timestamptz - interval '1 hour'))
            SELECT account_id, directory_id, users, known FROM counted WHERE users > most OR users > share * greatest(known, 1)
            """);
        var now = Clock.Now(clock);
        command.Parameters.With(now).With(limits.Value.Users).With(limits.Value.Share).With(limits.Value.AtLeast);
        var found = new List<(Guid, Guid, MassDeactivation)>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var alert = new MassDeactivation { AlertId = Guid.NewGuid(), At = now, Deactivated = reader.GetInt64(2), Users = reader.GetInt64(3) };
            found.Add((reader.GetGuid(0), reader.GetGuid(1), alert));
        }
        return found;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mass deactivation: {Deactivated} of {Users} users of directory {Directory} were deactivated or removed within an hour.")]
    private partial void LogRaised(long deactivated, long users, Guid directory);
}
