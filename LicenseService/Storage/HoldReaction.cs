using Contracts.Events.V1;
using LicenseService.Seats;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <summary>A directory's alert begins a hold (<see cref="HoldRules"/>).</summary>
internal static class HoldReaction
{
    internal static IEnumerable<NpgsqlBatchCommand> After(IReadOnlyList<DirectoryMove> moves, DateTimeOffset now) => moves
        .Where(move => HoldRules.Begins(move.Before?.LastAlert, move.After.LastAlert, now))
        .SelectMany(move => Begin(move.After.AccountId, move.After.DirectoryId, move.After.LastAlert!));

    /// <summary>
    /// The second statement keeps back what was freed before the alert came and nobody has got since: the latest first, as
    /// many as are open.
    /// </summary>
    private static IEnumerable<NpgsqlBatchCommand> Begin(Guid account, Guid directory, MassDeactivation alert)
    {
        yield return Statement.Of(
            """
            INSERT INTO holds (account_id, hold_id, directory_id, alert_at, deactivated, users, expires_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
            """,
            account, alert.AlertId, directory, alert.At.ToUniversalTime(), alert.Deactivated, alert.Users, HoldRules.Expires(alert).ToUniversalTime());
        yield return Statement.Of("SELECT FROM pools WHERE account_id = $1 ORDER BY pool_id FOR NO KEY UPDATE", account);
        yield return Statement.Of(
            """
            INSERT INTO held_seats (account_id, pool_id, user_id, hold_id)
            SELECT $1, lost.pool_id, lost.user_id, $2
            FROM (
                SELECT h.pool_id, h.user_id, row_number() OVER (PARTITION BY h.pool_id ORDER BY max(h.entry) DESC) AS place
                FROM grant_history h JOIN users u ON u.account_id = h.account_id AND u.user_id = h.user_id
                WHERE h.account_id = $1 AND u.directory_id = $3 AND h.reason IN ('notActive', 'wasNotActive')
                  AND h.fact_at >= $4 AND h.fact_at < $5
                  AND NOT EXISTS (SELECT FROM grants g WHERE g.account_id = $1 AND g.pool_id = h.pool_id AND g.user_id = h.user_id)
                  AND NOT EXISTS (SELECT FROM held_seats k WHERE k.account_id = $1 AND k.pool_id = h.pool_id AND k.user_id = h.user_id)
                GROUP BY h.pool_id, h.user_id) lost
            JOIN pools p ON p.account_id = $1 AND p.pool_id = lost.pool_id AND lost.place <= p.seats - p.used - p.held
            ON CONFLICT DO NOTHING
            """,
            account, alert.AlertId, directory, (alert.At - HoldRules.Around).ToUniversalTime(), (alert.At + HoldRules.Around).ToUniversalTime());
    }

    /// <summary>Alerts that the replaced projections know and this service does not.</summary>
    internal static NpgsqlBatchCommand OfAccount(Guid account, DateTimeOffset now) => Statement.Of(
        """
        INSERT INTO holds (account_id, hold_id, directory_id, alert_at, deactivated, users, expires_at)
        SELECT account_id, (last_alert->>'alertId')::uuid, directory_id, (last_alert->>'at')::timestamptz, (last_alert->>'deactivated')::bigint,
            (last_alert->>'users')::bigint, (last_alert->>'at')::timestamptz + $2
        FROM directories WHERE account_id = $1 AND last_alert IS NOT NULL AND (last_alert->>'at')::timestamptz + $2 > $3
        ON CONFLICT DO NOTHING
        """,
        account, HoldRules.Lasts, now);
}
