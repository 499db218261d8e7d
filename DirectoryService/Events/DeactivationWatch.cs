using DirectoryService.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace DirectoryService.Events;

/// <summary>
/// Looks for directories whose identity provider deactivated or removed unusually many users within an hour, and records an
/// alert, once an hour and directory. The deactivations go on: an IdP is obeyed, and an admin is told.
/// </summary>
internal sealed partial class DeactivationWatch(
    NpgsqlDataSource db, IOptions<DeactivationLimits> limits, TimeProvider clock, ILogger<DeactivationWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(limits.Value.Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await db.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            // One replica at a time, so that an alert stands once.
            await using var command = new NpgsqlCommand("""
                WITH mine AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('deactivation_watch')) AS got),
                let_go AS (
                  SELECT account_id, directory_id, count(DISTINCT aggregate_id) AS users FROM events, mine
                  WHERE mine.got AND at > $1::timestamptz - interval '1 hour' AND aggregate = 'user' AND change IN ('deactivated', 'removed')
                    AND actor->>'kind' = 'scimToken' AND directory_id IS NOT NULL
                  GROUP BY account_id, directory_id HAVING count(DISTINCT aggregate_id) >= $4),
                counted AS (
                  SELECT l.*, (SELECT count(*) FROM users u WHERE u.directory_id = l.directory_id AND NOT u.removed) AS known FROM let_go l),
                alerts AS (
                  SELECT * FROM counted c WHERE (c.users > $2 OR c.users > $3 * greatest(c.known, 1))
                    AND NOT EXISTS (SELECT FROM events a WHERE a.aggregate_id = c.directory_id AND a.at > $1::timestamptz - interval '1 hour' AND a.type = 'MassDeactivation'))
                INSERT INTO events (id, at, account_id, directory_id, aggregate, aggregate_id, type, change, payload, actor)
                SELECT gen_random_uuid(), $1, account_id, directory_id, 'directory', directory_id, 'MassDeactivation', 'alert',
                       jsonb_build_object('deactivated', users, 'users', known), '{"kind": "system", "id": "deactivation-watch"}'
                FROM alerts
                """, connection, transaction);
            command.Parameters.With(Clock.Now(clock)).With((long)limits.Value.Users).With(limits.Value.Share).With((long)limits.Value.AtLeast);
            var raised = await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            if (raised > 0) LogRaised(raised);
        }
        catch (NpgsqlException error)
        {
            LogFailed(error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Mass deactivation: {Directories} directories let go of unusually many users within an hour.")]
    private partial void LogRaised(int directories);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watch for mass deactivations waits for the database.")]
    private partial void LogFailed(Exception error);
}
