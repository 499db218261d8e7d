using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Waiting;

/// <summary>
/// Records that a waiting list gets no seats: one refusal for each waiting user, and one alert for the pool, from the first
/// waiting user until the list is empty. It locks no pool and no user.
/// </summary>
internal sealed partial class WaitingListAlerts([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock, ILogger<WaitingListAlerts> log)
{
    private const int Batch = 1_000;

    /// <summary>Returns true when there may be more to record.</summary>
    internal async Task<bool> RecordAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            WITH next AS (
                SELECT w.account_id, w.pool_id, w.user_id, p.used < p.seats AS held
                FROM waiting w JOIN pools p ON p.account_id = w.account_id AND p.pool_id = w.pool_id
                WHERE NOT w.told AND p.used + p.held >= p.seats AND NOT (w.own AND p.held > 0)
                LIMIT {Batch} FOR UPDATE OF w SKIP LOCKED),
            news AS (
                UPDATE waiting w SET told = true FROM next n
                WHERE w.account_id = n.account_id AND w.pool_id = n.pool_id AND w.user_id = n.user_id
                RETURNING w.account_id, w.pool_id, w.user_id, w.rule_id, n.held),
            refused AS (
                INSERT INTO refusals AS r (account_id, pool_id, user_id, reason, hour, last_at, rule_id, actor_kind, actor_id)
                SELECT account_id, pool_id, user_id, CASE WHEN held THEN 'seatsHeld' ELSE 'poolFull' END, date_trunc('hour', $1::timestamptz, 'UTC'), $1,
                    rule_id, 'system', 'license-rules'
                FROM news ORDER BY account_id, user_id, pool_id
                ON CONFLICT (account_id, user_id, pool_id, reason, hour) DO UPDATE SET times = r.times + 1, last_at = excluded.last_at, rule_id = excluded.rule_id),
            raised AS (
                INSERT INTO alerts (account_id, alert_id, pool_id, kind, at)
                SELECT account_id, gen_random_uuid(), pool_id, 'seatsExhausted', $1 FROM (SELECT DISTINCT account_id, pool_id FROM news) pools
                ORDER BY account_id, pool_id
                ON CONFLICT (account_id, pool_id, kind) WHERE resolved_at IS NULL DO NOTHING
                RETURNING account_id, pool_id)
            SELECT n.told, r.account_id, r.pool_id FROM (SELECT count(*) AS told FROM news) n LEFT JOIN raised r ON true
            """,
            clock.GetUtcNow()));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            UPDATE alerts a SET resolved_at = $1
            WHERE resolved_at IS NULL AND NOT EXISTS (SELECT FROM waiting w WHERE w.account_id = a.account_id AND w.pool_id = a.pool_id)
            """,
            clock.GetUtcNow()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var told = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            told = reader.GetInt64(0);
            if (!reader.IsDBNull(1)) SeatsExhausted(reader.GetGuid(2), reader.GetGuid(1));
        }
        return told == Batch;
    }

    [LoggerMessage(LogLevel.Warning, "Pool {Pool} of account {Account} has no seat left, and users wait for one")]
    private partial void SeatsExhausted(Guid pool, Guid account);
}
