using Contracts.Events.V1;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Assignments;

/// <summary>The refusals of one user for one pool and reason within one hour.</summary>
/// <param name="RuleId">The rule that would have given the seat; null when an admin asked for it.</param>
internal sealed record RefusalRecord(Guid PoolId, string Reason, DateTimeOffset Hour, long Times, DateTimeOffset LastAt, Guid? RuleId, Actor Actor);

/// <summary>Reads refusals. They are aggregated: one row per user, pool, reason and hour, with a counter.</summary>
internal sealed class RefusalStore(NpgsqlDataSource database)
{
    internal static NpgsqlBatchCommand Record(Guid account, Guid pool, Guid user, Refusal reason, Actor by, DateTimeOffset now) => SqlStatement.Of(
        """
        INSERT INTO refusals AS r (account_id, pool_id, user_id, reason, hour, last_at, actor_kind, actor_id, actor_name)
        VALUES ($1, $2, $3, $4, date_trunc('hour', $5::timestamptz, 'UTC'), $5, $6, $7, $8)
        ON CONFLICT (account_id, user_id, pool_id, reason, hour) DO UPDATE SET
            times = r.times + 1, last_at = excluded.last_at, rule_id = NULL,
            actor_kind = excluded.actor_kind, actor_id = excluded.actor_id, actor_name = excluded.actor_name
        """,
        account, pool, user, reason.Word(), now, by.Kind, by.Id, by.Name);

    /// <summary>The newest first.</summary>
    internal async Task<List<RefusalRecord>> ListByUserAsync(Guid account, Guid user, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT pool_id, reason, hour, times, last_at, rule_id, actor_kind, actor_id, actor_name FROM refusals
            WHERE account_id = $1 AND user_id = $2 ORDER BY last_at DESC, reason LIMIT $3
            """,
            account, user, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var refusals = new List<RefusalRecord>();
        while (await reader.ReadAsync(cancellationToken))
            refusals.Add(new RefusalRecord(
                reader.GetGuid(0), reader.GetString(1), reader.Time(2), reader.GetInt64(3), reader.Time(4), reader.Id(5), reader.Actor(6)));
        return refusals;
    }
}
