using Contracts.Events.V1;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Pools;

/// <param name="Waiting">Users on the waiting list.</param>
internal sealed record PoolState(Pool Pool, long Waiting);

/// <summary>An entry of a pool's history: a seat was given or freed, a reason was added or ended, or the pool was resized.</summary>
/// <param name="Kind"><c>granted</c>, <c>freed</c>, <c>reasonAdded</c>, <c>reasonEnded</c> or <c>resized</c>.</param>
internal sealed record PoolEvent(DateTimeOffset At, string Kind, string? Reason, Guid? UserId, Guid? RuleId, int? Seats, Actor Actor);

/// <summary>Reads and creates pools; each call is for one account.</summary>
internal sealed class PoolStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Select =
        """
        SELECT p.pool_id, p.product, p.seats, p.used, p.held,
            (SELECT count(*) FROM waiting w WHERE w.account_id = p.account_id AND w.pool_id = p.pool_id)
        FROM pools p WHERE p.account_id = $1
        """;

    internal Task<List<PoolState>> ListAsync(Guid account, CancellationToken cancellationToken) =>
        QueryAsync(Select + """ ORDER BY p.product COLLATE "C" """, cancellationToken, account);

    internal async Task<PoolState?> FindAsync(Guid account, Guid pool, CancellationToken cancellationToken) =>
        (await QueryAsync(Select + " AND p.pool_id = $2", cancellationToken, account, pool)).SingleOrDefault();

    /// <summary>Returns null when the account already has a pool of this product.</summary>
    internal async Task<PoolState?> CreateAsync(Guid account, string product, int seats, Actor by, CancellationToken cancellationToken) =>
        (await QueryAsync(
            """
            WITH made AS (
                INSERT INTO pools (account_id, pool_id, product, seats, created_at) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT ON CONSTRAINT one_pool_per_product DO NOTHING
                RETURNING *),
            bought AS (
                INSERT INTO pool_history (account_id, pool_id, seats, actor_kind, actor_id, actor_name, at)
                SELECT account_id, pool_id, seats, $6, $7, $8, $5 FROM made)
            SELECT pool_id, product, seats, used, held, 0::bigint FROM made
            """,
            cancellationToken, account, Guid.NewGuid(), product, seats, clock.GetUtcNow(), by.Kind, by.Id, by.Name)).SingleOrDefault();

    /// <summary>Up to <paramref name="limit"/> events, newest first, all older than <paramref name="before"/>.</summary>
    internal async Task<List<PoolEvent>> ListHistoryAsync(Guid account, Guid pool, DateTimeOffset? before, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            (SELECT at, kind, reason, user_id, rule_id, NULL::integer AS seats, actor_kind, actor_id, actor_name, entry FROM grant_history
             WHERE account_id = $1 AND pool_id = $2 AND at < $3 ORDER BY entry DESC LIMIT $4)
            UNION ALL
            (SELECT at, 'resized', NULL, NULL, NULL, seats, actor_kind, actor_id, actor_name, entry FROM pool_history
             WHERE account_id = $1 AND pool_id = $2 AND at < $3 ORDER BY entry DESC LIMIT $4)
            ORDER BY at DESC, entry DESC LIMIT $4
            """,
            account, pool, before?.ToUniversalTime() ?? DateTimeOffset.MaxValue, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<PoolEvent>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add(new PoolEvent(
                reader.Time(0), reader.GetString(1), reader.Text(2), reader.Id(3), reader.Id(4), reader.IsDBNull(5) ? null : reader.GetInt32(5), reader.Actor(6)));
        return events;
    }

    private async Task<List<PoolState>> QueryAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pools = new List<PoolState>();
        while (await reader.ReadAsync(cancellationToken))
            pools.Add(new PoolState(
                new Pool(reader.GetGuid(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4)), reader.GetInt64(5)));
        return pools;
    }
}
