using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.FactReactions;

/// <summary>Frees the seats of users who are no longer eligible: the SQL form of <see cref="LicenseService.Work.SeatRules.FindFreeReason"/>.</summary>
internal static class SeatRevocation
{
    /// <summary>
    /// Decides by the stored users and not by the facts, so that an old or repeated fact changes nothing. It is a statement
    /// after the one that stored the users: that one waits for a concurrent assignment (both lock the user's row), and only a
    /// later statement sees the new grant. A hold keeps back a seat that is freed around an alert of the user's directory (<see cref="LicenseService.Holds.HoldRules"/>). Returns account, user and reason of each seat freed.
    /// </summary>
    internal static NpgsqlBatchCommand? FreeSeatsOf(IReadOnlyList<UserStateChange> moves, DateTimeOffset now) => moves is [] ? null : SqlStatement.Of(
        """
        WITH moved AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) AS m (account_id, user_id, event_id, actor_kind, actor_id, actor_name, fact_at)),
        freed AS (
            DELETE FROM grants g USING moved m, users u
            WHERE u.account_id = m.account_id AND u.user_id = m.user_id
              AND g.account_id = u.account_id AND g.user_id = u.user_id
              AND (u.status <> 'active' OR u.deactivations > g.deactivations OR NOT u.has_email)
            RETURNING g.account_id, g.pool_id, g.product, g.user_id, u.directory_id, m.event_id, m.actor_kind, m.actor_id, m.actor_name, m.fact_at,
                CASE WHEN u.status <> 'active' THEN 'notActive'
                     WHEN u.deactivations > g.deactivations THEN 'wasNotActive'
                     ELSE 'noEmail' END AS reason),
        kept_back AS (
            INSERT INTO held_seats (account_id, pool_id, user_id, hold_id)
            SELECT f.account_id, f.pool_id, f.user_id, h.hold_id
            FROM freed f JOIN holds h ON h.account_id = f.account_id AND h.directory_id = f.directory_id
            WHERE f.reason <> 'noEmail' AND h.released_at IS NULL AND h.expires_at > $8
              AND f.fact_at >= h.alert_at - interval '1 hour' AND f.fact_at < h.alert_at + interval '1 hour'
            ON CONFLICT DO NOTHING)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, event_id, actor_kind, actor_id, actor_name, fact_at, at)
        SELECT account_id, pool_id, product, user_id, 'freed', reason, event_id, actor_kind, actor_id, actor_name, fact_at, $8 FROM freed
        RETURNING account_id, user_id, reason
        """,
        moves.Select(move => move.After.AccountId).ToArray(), moves.Select(move => move.After.UserId).ToArray(),
        moves.Select(move => move.EventId).ToArray(), moves.Select(move => move.Actor.Kind).ToArray(),
        moves.Select(move => move.Actor.Id).ToArray(), moves.Select(move => move.Actor.Name).ToArray(),
        moves.Select(move => move.At.ToUniversalTime()).ToArray(), now);

    /// <summary>
    /// The same for all users of an account, after its projections were replaced. Nobody knows any more when they were let go:
    /// while a hold of their directory is open, their seats are kept back.
    /// </summary>
    internal static NpgsqlBatchCommand FreeSeatsOfAccount(Guid account, DateTimeOffset now) => SqlStatement.Of(
        """
        WITH freed AS (
            DELETE FROM grants g USING (
                SELECT g.pool_id, g.user_id, u.directory_id,
                    CASE WHEN u.user_id IS NULL OR u.status <> 'active' THEN 'notActive'
                         WHEN u.deactivations > g.deactivations THEN 'wasNotActive'
                         ELSE 'noEmail' END AS reason
                FROM grants g LEFT JOIN users u ON u.account_id = g.account_id AND u.user_id = g.user_id
                WHERE g.account_id = $1 AND (u.user_id IS NULL OR u.status <> 'active' OR u.deactivations > g.deactivations OR NOT u.has_email)) lost
            WHERE g.account_id = $1 AND g.pool_id = lost.pool_id AND g.user_id = lost.user_id
            RETURNING g.account_id, g.pool_id, g.product, g.user_id, lost.directory_id, lost.reason),
        kept_back AS (
            INSERT INTO held_seats (account_id, pool_id, user_id, hold_id)
            SELECT f.account_id, f.pool_id, f.user_id, h.hold_id
            FROM freed f JOIN holds h ON h.account_id = f.account_id AND h.directory_id = f.directory_id
            WHERE f.reason <> 'noEmail' AND h.released_at IS NULL AND h.expires_at > $2
            ON CONFLICT DO NOTHING)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, at)
        SELECT account_id, pool_id, product, user_id, 'freed', reason, 'system', 'rebuild', $2 FROM freed
        """,
        account, now);
}
