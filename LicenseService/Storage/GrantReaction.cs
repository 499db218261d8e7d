using Npgsql;
using Contracts.Events.V1;
using LicenseService.Seats;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>Takes seats back from a user who may not hold them any more: <see cref="SeatRules.Frees"/> in SQL.</summary>
internal static class GrantReaction
{
    /// <summary>
    /// Decides by the stored user, not by the fact in hand, so that an old or repeated fact does no harm. It must be a
    /// statement of its own behind the one that stores the user: that one waits for an assignment under way (both lock
    /// the user's row), and only a later statement sees the grant it made. Returns a row for each seat freed.
    /// </summary>
    internal static NpgsqlBatchCommand After(UserChanged fact, DateTimeOffset now) => Statement.Of(
        """
        WITH freed AS (
            DELETE FROM grants g USING users u
            WHERE u.account_id = $1 AND u.user_id = $2
              AND g.account_id = u.account_id AND g.user_id = u.user_id
              AND (u.status <> 'active' OR u.deactivations > g.deactivations OR NOT u.has_email)
            RETURNING g.account_id, g.pool_id, g.product, g.user_id,
                CASE WHEN u.status <> 'active' THEN 'notActive'
                     WHEN u.deactivations > g.deactivations THEN 'wasNotActive'
                     ELSE 'noEmail' END AS reason)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, event_id, actor_kind, actor_id, actor_name, at)
        SELECT account_id, pool_id, product, user_id, 'freed', reason, $3, $4, $5, $6, $7 FROM freed
        RETURNING pool_id, reason
        """,
        fact.AccountId, fact.UserId, fact.EventId, fact.Actor.Kind, fact.Actor.Id, fact.Actor.Name, now);
}
