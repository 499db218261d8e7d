using LicenseService.Pools;
using LicenseService.Rules;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Waiting;

/// <summary>
/// <see cref="LicenseService.Waiting.WaitingList.SelectNext"/> in SQL: allocates open seats to the first users of the waiting list. One replica at a time
/// works on a pool; two at once would make the order random.
/// <code>
/// 1. take the pool's allocation lock (advisory; if another replica has it, that one does the work)
/// 2. read as many of the first waiting users as seats are open; lock their rows in order
/// 3. lock the pool, so that the number of open seats stays the same
/// 4. insert grants for the users who are still eligible
/// </code>
/// </summary>
internal sealed class SeatAllocation([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>The largest number of seats given in one transaction. Other changes of the pool wait for it.</summary>
    private const int MaxPerTransaction = 1_000;

    private static readonly string FirstInLine =
        $"""
        WITH room AS (
            SELECT least(seats - used, {MaxPerTransaction}) AS free, least(greatest(seats - used - held, 0), {MaxPerTransaction}) AS open FROM pools WHERE account_id = $1 AND pool_id = $2),
        own AS (
            SELECT w.user_id FROM waiting w JOIN held_seats h USING (account_id, pool_id, user_id)
            WHERE account_id = $1 AND pool_id = $2 AND w.own ORDER BY user_id LIMIT (SELECT free FROM room)),
        line AS (
            SELECT w.user_id
            FROM rules r CROSS JOIN LATERAL (
                SELECT o.user_id, o.since FROM waiting o
                WHERE o.account_id = $1 AND o.pool_id = $2 AND o.rule_id = r.rule_id
                  AND NOT (o.own AND EXISTS (SELECT FROM held_seats h WHERE h.account_id = $1 AND h.pool_id = $2 AND h.user_id = o.user_id))
                ORDER BY o.since, o.user_id LIMIT (SELECT open FROM room)) w
            WHERE r.account_id = $1 AND r.pool_id = $2
            ORDER BY r.position, r.rule_id, w.since, w.user_id LIMIT (SELECT open FROM room))
        SELECT u.user_id FROM users u
        WHERE u.account_id = $1 AND u.user_id IN (SELECT user_id FROM own UNION SELECT user_id FROM line)
        ORDER BY u.user_id FOR NO KEY UPDATE
        """;

    private const string LockPool = "SELECT FROM pools WHERE account_id = $1 AND pool_id = $2 FOR NO KEY UPDATE";

    private const string Give =
        $"""
        WITH room AS (
            SELECT product, seats - used AS free, greatest(seats - used - held, 0) AS open FROM pools WHERE account_id = $1 AND pool_id = $2),
        able AS MATERIALIZED (
            SELECT w.user_id, w.since, u.deactivations, r.rule_id, h.user_id IS NOT NULL AS own,
                row_number() OVER (PARTITION BY h.user_id IS NOT NULL ORDER BY h.user_id, r.position, r.rule_id, w.since, w.user_id) AS place
            FROM unnest($3) AS first (user_id)
            -- LIMIT 1 forces an index look-up per user, also when the statistics of a growing table are out of date.
            CROSS JOIN LATERAL (SELECT * FROM waiting WHERE account_id = $1 AND pool_id = $2 AND user_id = first.user_id LIMIT 1) w
            CROSS JOIN LATERAL (SELECT * FROM users WHERE account_id = $1 AND user_id = first.user_id LIMIT 1) u
            LEFT JOIN held_seats h ON h.account_id = w.account_id AND h.pool_id = w.pool_id AND h.user_id = w.user_id
            CROSS JOIN LATERAL (
                SELECT r.rule_id, r.position FROM {EntitlementSql.Rules} r WHERE r.pool_id = $2 ORDER BY r.position, r.rule_id LIMIT 1) r
            WHERE u.status = 'active' AND u.has_email
              AND NOT EXISTS (SELECT FROM grants g WHERE g.account_id = $1 AND g.pool_id = $2 AND g.user_id = w.user_id)),
        given AS (
            INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, rule_id, waiting_since)
            SELECT $1, $2, room.product, able.user_id, able.deactivations, $4, 'system', 'license-rules', able.rule_id, CASE WHEN NOT able.own THEN able.since END
            FROM able CROSS JOIN room
            WHERE able.place <= CASE WHEN able.own THEN room.free ELSE room.open END
            RETURNING account_id, pool_id, product, user_id, rule_id, granted_at),
        written AS (
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, rule_id, actor_kind, actor_id, at)
            SELECT account_id, pool_id, product, user_id, 'granted', 'rule', rule_id, 'system', 'license-rules', granted_at FROM given),
        taken AS (
            DELETE FROM held_seats h USING given WHERE h.account_id = $1 AND h.pool_id = $2 AND h.user_id = given.user_id),
        left_line AS ( -- with a seat, or because the line was out of date
            DELETE FROM waiting w
            WHERE w.account_id = $1 AND w.pool_id = $2 AND w.user_id = ANY ($3)
              AND (w.user_id IN (SELECT user_id FROM given) OR w.user_id NOT IN (SELECT user_id FROM able))
            RETURNING 1)
        SELECT count(*) FROM left_line
        """;

    /// <summary>
    /// The pools of all accounts that have open seats and waiting users. Found by their stored state, so that no lost signal
    /// matters. The query steps by index from one pool with waiting users to the next, because it runs after every batch of
    /// facts.
    /// </summary>
    internal async Task<IReadOnlyList<(Guid Account, Guid Pool)>> ListPoolsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH RECURSIVE lines AS (
                (SELECT account_id, pool_id FROM waiting ORDER BY account_id, pool_id LIMIT 1)
                UNION ALL
                SELECT next.account_id, next.pool_id FROM lines l CROSS JOIN LATERAL (
                    SELECT account_id, pool_id FROM waiting w WHERE (w.account_id, w.pool_id) > (l.account_id, l.pool_id)
                    ORDER BY account_id, pool_id LIMIT 1) next)
            SELECT p.account_id, p.pool_id FROM lines JOIN pools p USING (account_id, pool_id)
            WHERE p.used + p.held < p.seats
               OR p.used < p.seats AND p.held > 0 AND EXISTS (
                   SELECT FROM waiting w JOIN held_seats h ON h.account_id = w.account_id AND h.pool_id = w.pool_id AND h.user_id = w.user_id
                   WHERE w.account_id = p.account_id AND w.pool_id = p.pool_id AND w.own)
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pools = new List<(Guid, Guid)>();
        while (await reader.ReadAsync(cancellationToken)) pools.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return pools;
    }

    /// <summary>
    /// Gives seats to up to <see cref="MaxPerTransaction"/> users. Returns false when nothing changed, or another replica has the allocation
    /// lock.
    /// </summary>
    internal async Task<bool> AllocateAsync(Guid account, Guid pool, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await PoolAllocationLock.TryAcquireAsync(transaction, pool, cancellationToken)) return false;
        var first = await ListFirstWaitingAsync(transaction, account, pool, cancellationToken);
        if (first is []) return false;

        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(LockPool, account, pool));
        batch.BatchCommands.Add(SqlStatement.Of(Give, account, pool, first, clock.GetUtcNow()));
        bool changed;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            changed = reader.GetInt64(0) > 0;
        }
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private static async Task<List<Guid>> ListFirstWaitingAsync(NpgsqlTransaction transaction, Guid account, Guid pool, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(FirstInLine, account, pool));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var users = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) users.Add(reader.GetGuid(0));
        return users;
    }
}
