using Contracts.Events.V1;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Storage;
using LicenseService.Work;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Assignments;

/// <summary>
/// Assigns a seat to a user on behalf of an admin, or unassigns it. Locks are taken in the order user, grant, pool, as
/// everywhere in this service.
/// </summary>
internal sealed class SeatAssignment(NpgsqlDataSource database, TimeProvider clock)
{
    private const string LockUser =
        "SELECT status, deactivations, has_email, directory_id IS NOT NULL, user_name, display_name FROM users WHERE account_id = $1 AND user_id = $2 FOR NO KEY UPDATE";

    /// <summary>
    /// 1. Locks the user's row: facts about the user and other assignments to it wait. 2. Reads pool and grant.
    /// 3. <see cref="SeatRules"/> decides. 4. Locks the pool, and gives the seat if one is open still.
    /// </summary>
    /// <param name="final">The stored state of the user is up to date with the directory, so a refusal is final and is recorded.</param>
    internal async Task<AssignmentOutcome> AssignAsync(Guid account, Guid pool, Guid user, Actor by, bool final, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (holder, seats, held, own) = await ReadAsync(transaction, account, pool, user, cancellationToken);
        if (seats is null) return new AssignmentOutcome.NoSuchPool();
        if (held is { Manual: true }) return new AssignmentOutcome.AlreadyAssigned(held);
        var now = clock.GetUtcNow();
        if (held is not null)
        {
            await ExecuteAsync(transaction, AddManualReason(account, pool, user, by, now), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new AssignmentOutcome.AlreadyAssigned(held with { Manual = true });
        }
        if (SeatRules.FindRefusal(holder?.Rules, seats, own) is { } refusal)
            return await RefuseAsync(transaction, account, user, new(refusal, seats), by, final, cancellationToken);
        if (await InsertGrantAsync(transaction, account, seats, user, holder!.Rules.Deactivations, own, by, now, cancellationToken) is not { } at)
            return await RefuseAsync(transaction, account, user, new(seats.Held > 0 ? Refusal.SeatsHeld : Refusal.PoolFull, seats), by, final, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AssignmentOutcome.Granted(new Grant(pool, user, holder.UserName, holder.DisplayName, at, by, Manual: true, RuleId: null));
    }

    /// <summary>Removes the admin as a reason. The seat is freed unless a rule gives it too.</summary>
    internal async Task<UnassignOutcome> UnassignAsync(Guid account, Guid pool, Guid user, Actor by, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (_, _, held, _) = await ReadAsync(transaction, account, pool, user, cancellationToken);
        if (held is null) return UnassignOutcome.NoGrant;
        if (!held.Manual) return UnassignOutcome.HeldByRule;
        var kept = await ExecuteAsync(transaction, RemoveManualReason(account, pool, user, by, clock.GetUtcNow()), cancellationToken) > 0;
        if (!kept) await ExecuteAsync(transaction, Free(account, pool, user, by, clock.GetUtcNow()), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return kept ? UnassignOutcome.KeptByRule : UnassignOutcome.Freed;
    }

    private sealed record User(SeatCandidate Rules, string UserName, string? DisplayName);

    private static async Task<(User?, Pool?, Grant?, bool OwnHeld)> ReadAsync(
        NpgsqlTransaction transaction, Guid account, Guid pool, Guid user, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(LockUser, account, user));
        // A separate statement, so that it sees what was committed while the first one waited for the lock.
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            SELECT p.product, p.seats, p.used, p.held, h.user_id IS NOT NULL,
                g.granted_at, g.granted_by_kind, g.granted_by_id, g.granted_by_name, g.manual_at IS NOT NULL, g.rule_id
            FROM pools p
            LEFT JOIN grants g ON g.account_id = p.account_id AND g.pool_id = p.pool_id AND g.user_id = $3
            LEFT JOIN held_seats h ON h.account_id = p.account_id AND h.pool_id = p.pool_id AND h.user_id = $3
            WHERE p.account_id = $1 AND p.pool_id = $2
            """,
            account, pool, user));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var holder = await reader.ReadAsync(cancellationToken)
            ? new User(
                new(EnumNames.UserStatus(reader.GetString(0)), reader.GetInt64(1), reader.GetBoolean(2), reader.GetBoolean(3)), reader.GetString(4), reader.Text(5))
            : null;
        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return (holder, null, null, false);
        var seats = new Pool(pool, reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3));
        var own = reader.GetBoolean(4);
        return reader.IsDBNull(5) || holder is null
            ? (holder, seats, null, own)
            : (holder, seats, new Grant(
                pool, user, holder.UserName, holder.DisplayName, reader.Time(5), reader.Actor(6), reader.GetBoolean(9), reader.Id(10)), own);
    }

    /// <summary>The stored time of the grant; null when other requests took the last open seats since the pool was read.</summary>
    private static async Task<DateTimeOffset?> InsertGrantAsync(
        NpgsqlTransaction transaction, Guid account, Pool pool, Guid user, long deactivations, bool own, Actor by, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of("SELECT FROM pools WHERE account_id = $1 AND pool_id = $2 FOR NO KEY UPDATE", account, pool.Id));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            WITH given AS (
                INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, granted_by_name,
                    manual_at, manual_by_kind, manual_by_id, manual_by_name)
                SELECT account_id, pool_id, product, $3, $4, $6, $7, $8, $9, $6, $7, $8, $9 FROM pools
                WHERE account_id = $1 AND pool_id = $2 AND used + CASE WHEN $5 THEN 0 ELSE held END < seats
                RETURNING *),
            left_line AS (
                DELETE FROM waiting w USING given g WHERE w.account_id = g.account_id AND w.pool_id = g.pool_id AND w.user_id = g.user_id),
            taken AS (
                DELETE FROM held_seats h USING given g WHERE h.account_id = g.account_id AND h.pool_id = g.pool_id AND h.user_id = g.user_id)
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, actor_name, at)
            SELECT account_id, pool_id, product, user_id, 'granted', 'assigned', granted_by_kind, granted_by_id, granted_by_name, granted_at FROM given
            RETURNING at
            """,
            account, pool.Id, user, deactivations, own, now, by.Kind, by.Id, by.Name));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.Time(0) : null;
    }

    /// <summary>Records the refusal, except for an unknown user and for a refusal that is not final.</summary>
    private async Task<AssignmentOutcome> RefuseAsync(
        NpgsqlTransaction transaction, Guid account, Guid user, AssignmentOutcome.Refused refused, Actor by, bool final, CancellationToken cancellationToken)
    {
        if (refused.Reason != Refusal.UnknownUser && (final || !refused.RestsOnFacts))
        {
            await ExecuteAsync(transaction, RefusalStore.Record(account, refused.Pool.Id, user, refused.Reason, by, clock.GetUtcNow()), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        return refused;
    }

    private static NpgsqlBatchCommand AddManualReason(Guid account, Guid pool, Guid user, Actor by, DateTimeOffset now) => SqlStatement.Of(
        """
        WITH given AS (
            UPDATE grants SET manual_at = $4, manual_by_kind = $5, manual_by_id = $6, manual_by_name = $7
            WHERE account_id = $1 AND pool_id = $2 AND user_id = $3
            RETURNING product)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, actor_name, at)
        SELECT $1, $2, product, $3, 'reasonAdded', 'assigned', $5, $6, $7, $4 FROM given
        """,
        account, pool, user, now, by.Kind, by.Id, by.Name);

    /// <summary>Removes the admin as a reason, only if a rule gives the seat too.</summary>
    private static NpgsqlBatchCommand RemoveManualReason(Guid account, Guid pool, Guid user, Actor by, DateTimeOffset now) => SqlStatement.Of(
        $"""
        WITH kept AS (
            UPDATE grants g SET manual_at = NULL, manual_by_kind = NULL, manual_by_id = NULL, manual_by_name = NULL, rule_id = r.rule_id
            FROM users u CROSS JOIN LATERAL (
                SELECT r.rule_id FROM {EntitlementSql.Rules} r WHERE r.pool_id = $2 ORDER BY r.position, r.rule_id LIMIT 1) r
            WHERE u.account_id = $1 AND u.user_id = $3 AND u.status = 'active'
              AND g.account_id = $1 AND g.pool_id = $2 AND g.user_id = $3
            RETURNING g.product, g.rule_id)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, rule_id, actor_kind, actor_id, actor_name, at)
        SELECT $1, $2, product, $3, 'reasonEnded', 'unassigned', rule_id, $5, $6, $7, $4 FROM kept
        """,
        account, pool, user, now, by.Kind, by.Id, by.Name);

    private static NpgsqlBatchCommand Free(Guid account, Guid pool, Guid user, Actor by, DateTimeOffset now) => SqlStatement.Of(
        """
        WITH freed AS (
            DELETE FROM grants WHERE account_id = $1 AND pool_id = $2 AND user_id = $3
            RETURNING account_id, pool_id, product, user_id)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, actor_name, at)
        SELECT account_id, pool_id, product, user_id, 'freed', $4, $5, $6, $7, $8 FROM freed
        """,
        account, pool, user, FreeReason.Unassigned.Word(), by.Kind, by.Id, by.Name, now);

    private static async Task<int> ExecuteAsync(NpgsqlTransaction transaction, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(command);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
