using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Holds;

/// <summary>A directory's alert begins a hold (<see cref="HoldRules"/>). What was freed before is kept back by <see cref="SeatReclaim"/>.</summary>
internal static class HoldCreation
{
    internal static IEnumerable<NpgsqlBatchCommand> CreateHolds(IReadOnlyList<DirectoryStateChange> moves, DateTimeOffset now) => moves
        .Where(move => HoldRules.StartsHold(move.Before?.LastAlert, move.After.LastAlert, now))
        .Select(move => CreateHold(move.After.AccountId, move.After.DirectoryId, move.After.LastAlert!));

    private static NpgsqlBatchCommand CreateHold(Guid account, Guid directory, MassDeactivation alert) => SqlStatement.Of(
        """
        INSERT INTO holds (account_id, hold_id, directory_id, alert_at, deactivated, users, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
        """,
        account, alert.AlertId, directory, alert.At.ToUniversalTime(), alert.Deactivated, alert.Users, HoldRules.Expires(alert).ToUniversalTime());

    /// <summary>Creates holds for alerts that the rebuilt projections have and this service does not.</summary>
    internal static NpgsqlBatchCommand CreateHoldsOfAccount(Guid account, DateTimeOffset now) => SqlStatement.Of(
        """
        INSERT INTO holds (account_id, hold_id, directory_id, alert_at, deactivated, users, expires_at)
        SELECT account_id, (last_alert->>'alertId')::uuid, directory_id, (last_alert->>'at')::timestamptz, (last_alert->>'deactivated')::bigint,
            (last_alert->>'users')::bigint, (last_alert->>'at')::timestamptz + $2
        FROM directories WHERE account_id = $1 AND last_alert IS NOT NULL AND (last_alert->>'at')::timestamptz + $2 > $3
        ON CONFLICT DO NOTHING
        """,
        account, HoldRules.Lasts, now);
}
