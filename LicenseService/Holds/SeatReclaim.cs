using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Holds;

/// <summary>
/// <see cref="HoldRules.TakesBack"/> in SQL: reserves seats that were freed before a hold began, so that the time
/// of arrival of the alert makes no difference. Seats allocated meanwhile are taken from the users who got one last.
/// <code>
/// 1. the account's lock     facts in progress have ended, and all later ones see the hold, so that no seat is missed
/// 2. lock the hold, and the allocation of each pool (as SeatAllocation)
/// 3. select the users who lose a seat; lock their rows in order
/// 4. lock the pool, so that the number of open seats cannot change
/// 5. take seats back, reserve them, and request the evaluation of all these users     some thousand seats in one transaction
/// </code>
/// A hold is settled when there is nothing left to reserve.
/// </summary>
internal sealed partial class SeatReclaim(NpgsqlDataSource database, TimeProvider clock, ILogger<SeatReclaim> log)
{
    private const int Most = 5_000;

    /// <summary>
    /// let_go: seats that the directory's users lost by facts around the alert. last: of them, what users lost who have had no
    /// seat since. passed_on: a seat that the user got after others had lost theirs, at most as many as they had lost: it may be
    /// one of those, and one seat is not kept back for two. lost: what nobody keeps back yet; what an admin has released once
    /// stays released. recipients: who got a seat from the waiting list since, as many as are missing. No step joins two of these
    /// sets: the planner has no statistics of them, would compare each row of one with each of the other, and facts wait meanwhile.
    /// </summary>
    private static readonly string Concerned =
        $"""
        WITH let_go AS MATERIALIZED (
            SELECT h.user_id, h.entry, h.fact_at FROM grant_history h JOIN users u ON u.account_id = h.account_id AND u.user_id = h.user_id
            WHERE h.account_id = $1 AND h.pool_id = $2 AND u.directory_id = $3 AND h.fact_at >= $4 AND h.fact_at < $5
              AND h.kind = 'freed' AND h.reason IN ('notActive', 'wasNotActive')),
        moves AS (
            SELECT user_id, entry, fact_at, kind, reason, lead(entry) OVER of_user AS later, max(entry) FILTER (WHERE kind = 'granted') OVER of_user AS granted
            FROM grant_history WHERE account_id = $1 AND pool_id = $2 AND user_id = ANY (ARRAY(SELECT user_id FROM let_go))
            WINDOW of_user AS (PARTITION BY user_id ORDER BY entry)),
        last AS MATERIALIZED (
            SELECT user_id, entry, fact_at, granted FROM moves
            WHERE later IS NULL AND fact_at >= $4 AND fact_at < $5 AND kind = 'freed' AND reason IN ('notActive', 'wasNotActive')),
        counted AS (
            SELECT user_id, entry, fact_at, granted, count(*) FILTER (WHERE user_id IS NULL) OVER (ORDER BY at) AS lost_before
            FROM (SELECT granted AS at, user_id, entry, fact_at, granted FROM last UNION ALL SELECT entry, NULL, NULL, NULL, NULL FROM let_go) both_ends),
        passed_on AS (
            SELECT user_id, entry, fact_at, row_number() OVER (PARTITION BY lost_before > 0 ORDER BY granted) <= lost_before AS passed_on
            FROM counted WHERE user_id IS NOT NULL),
        lost AS MATERIALIZED (
            SELECT p.user_id, p.entry, p.passed_on FROM passed_on p
            WHERE NOT EXISTS (SELECT FROM held_seats k WHERE k.account_id = $1 AND k.pool_id = $2 AND k.user_id = p.user_id)
              AND NOT EXISTS (
                SELECT FROM holds r WHERE r.account_id = $1 AND r.directory_id = $3 AND r.released_at IS NOT NULL
                  AND p.fact_at >= r.alert_at - interval '1 hour' AND p.fact_at < r.alert_at + interval '1 hour')
            ORDER BY p.passed_on, p.entry LIMIT {Most}),
        room AS (
            SELECT open, greatest((SELECT count(*) FROM lost WHERE NOT passed_on) - open, 0) AS missing
            FROM (SELECT greatest(seats - used - held, 0) AS open FROM pools WHERE account_id = $1 AND pool_id = $2) p),
        recipients AS MATERIALIZED (
            SELECT g.user_id, g.waiting_since
            FROM grant_history h
            JOIN grants g ON g.account_id = h.account_id AND g.pool_id = h.pool_id AND g.user_id = h.user_id AND g.granted_at = h.at
            LEFT JOIN rules r ON r.account_id = g.account_id AND r.rule_id = g.rule_id
            WHERE h.account_id = $1 AND h.pool_id = $2 AND h.kind = 'granted' AND h.entry > (SELECT min(entry) FROM lost WHERE NOT passed_on)
              AND g.waiting_since IS NOT NULL AND g.manual_at IS NULL AND ($6::uuid[] IS NULL OR g.user_id = ANY ($6))
              AND g.user_id NOT IN (SELECT user_id FROM let_go)
            ORDER BY g.granted_at DESC, r.position DESC NULLS FIRST, g.rule_id DESC, g.waiting_since DESC, g.user_id DESC
            LIMIT (SELECT missing FROM room))
        """;

    private static readonly string LockRecipients =
        $"""
        {Concerned}
        SELECT u.user_id FROM users u WHERE u.account_id = $1 AND u.user_id IN (SELECT user_id FROM recipients)
        ORDER BY u.user_id FOR NO KEY UPDATE
        """;

    private const string LockPool = "SELECT FROM pools WHERE account_id = $1 AND pool_id = $2 FOR NO KEY UPDATE";

    private static readonly string Take =
        $"""
        {Concerned},
        back AS (
            DELETE FROM grants g USING recipients r WHERE g.account_id = $1 AND g.pool_id = $2 AND g.user_id = r.user_id
            RETURNING g.product, g.user_id, g.rule_id, g.deactivations, r.waiting_since),
        queued AS ( -- at once and not by its re-evaluation: a seat that is freed in between would go to somebody who came later
            INSERT INTO waiting (account_id, pool_id, user_id, rule_id, deactivations, since)
            SELECT $1, $2, user_id, rule_id, deactivations, waiting_since FROM back WHERE rule_id IS NOT NULL
            ON CONFLICT DO NOTHING),
        written AS (
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, at)
            SELECT $1, $2, product, user_id, 'freed', 'alert', 'system', 'license-holds', $8 FROM back),
        kept AS (
            INSERT INTO held_seats (account_id, pool_id, user_id, hold_id)
            SELECT $1, $2, user_id, $7 FROM lost ORDER BY passed_on, entry LIMIT (SELECT open FROM room) + (SELECT count(*) FROM back)
            ON CONFLICT DO NOTHING
            RETURNING user_id),
        again AS ( -- evaluate again: users who lost a seat, and users of held seats, who may be active again
            INSERT INTO pending_users (account_id, user_id, since)
            SELECT $1, user_id, waiting_since FROM back UNION ALL SELECT $1, user_id, $8 FROM kept)
        SELECT (SELECT count(*) FROM kept), (SELECT count(*) FROM back)
        """;

    private sealed record PendingReclaim(Guid Account, Guid Hold, Guid Directory, DateTimeOffset AlertAt);

    /// <summary>Reserves some thousand seats of each pool for a hold that began. Returns false when there is no such hold.</summary>
    internal async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } hold) return false;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var pools = await BeginAsync(transaction, hold, cancellationToken);
        var (kept, taken) = (0L, 0L);
        foreach (var pool in pools)
        {
            var (more, back) = await KeepBackAsync(transaction, hold, pool, cancellationToken);
            (kept, taken) = (kept + more, taken + back);
        }
        await AdvanceAsync(transaction, hold, kept, taken, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (taken > 0) SeatsTakenBack(hold.Directory, hold.Account, taken);
        return true;
    }

    private async Task<PendingReclaim?> FindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT account_id, hold_id, directory_id, alert_at FROM holds
            WHERE settled_at IS NULL AND released_at IS NULL AND expires_at > $1 ORDER BY account_id, hold_id LIMIT 1
            """,
            clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.Time(3)) : null;
    }

    /// <summary>The account's pools; none when the hold is settled or released by now.</summary>
    private static async Task<List<Guid>> BeginAsync(NpgsqlTransaction transaction, PendingReclaim hold, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(RuleChangeLock.AcquireExclusive(hold.Account));
        batch.BatchCommands.Add(SqlStatement.Of(
            "SELECT FROM holds WHERE account_id = $1 AND hold_id = $2 FOR NO KEY UPDATE", hold.Account, hold.Hold));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            SELECT p.pool_id FROM pools p JOIN holds h ON h.account_id = p.account_id
            WHERE h.account_id = $1 AND h.hold_id = $2 AND h.settled_at IS NULL AND h.released_at IS NULL ORDER BY p.pool_id
            """,
            hold.Account, hold.Hold));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        for (var statement = 0; statement < 2; statement++) await reader.NextResultAsync(cancellationToken);
        var pools = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) pools.Add(reader.GetGuid(0));
        return pools;
    }

    private async Task<(long Kept, long Taken)> KeepBackAsync(NpgsqlTransaction transaction, PendingReclaim hold, Guid pool, CancellationToken cancellationToken)
    {
        await PoolAllocationLock.AcquireAsync(transaction, pool, cancellationToken);
        var (from, until) = ((hold.AlertAt - HoldRules.Around).ToUniversalTime(), (hold.AlertAt + HoldRules.Around).ToUniversalTime());
        var locked = new List<Guid>();
        await using (var choice = new NpgsqlBatch(transaction.Connection, transaction))
        {
            choice.BatchCommands.Add(SqlStatement.Of(LockRecipients, hold.Account, pool, hold.Directory, from, until, null));
            await using var users = await choice.ExecuteReaderAsync(cancellationToken);
            while (await users.ReadAsync(cancellationToken)) locked.Add(users.GetGuid(0));
        }
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(LockPool, hold.Account, pool));
        batch.BatchCommands.Add(SqlStatement.Of(Take, hold.Account, pool, hold.Directory, from, until, locked, hold.Hold, clock.GetUtcNow()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private async Task AdvanceAsync(NpgsqlTransaction transaction, PendingReclaim hold, long kept, long taken, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            "UPDATE holds SET taken_back = taken_back + $3, settled_at = CASE WHEN $4 = 0 THEN $5 END WHERE account_id = $1 AND hold_id = $2 AND settled_at IS NULL",
            hold.Account, hold.Hold, taken, kept, clock.GetUtcNow()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Directory {Directory} of account {Account} deactivated many users: {Seats} seats were taken back from users who had got them from the waiting list")]
    private partial void SeatsTakenBack(Guid directory, Guid account, long seats);
}
