using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Waiting;

/// <param name="Kind"><c>seatsExhausted</c>: users wait and no seat is open.</param>
/// <param name="ResolvedAt">When the waiting list became empty; null while users wait.</param>
internal sealed record Alert(Guid Id, string Kind, Guid PoolId, string Product, DateTimeOffset At, DateTimeOffset? ResolvedAt, long Waiting);

/// <summary>Reads the alerts that <see cref="WaitingListAlerts"/> raised.</summary>
internal sealed class AlertStore(NpgsqlDataSource database)
{
    /// <summary>Open alerts first, then the newest.</summary>
    internal async Task<List<Alert>> ListAsync(Guid account, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT a.alert_id, a.kind, a.pool_id, p.product, a.at, a.resolved_at,
                CASE WHEN a.resolved_at IS NULL THEN (SELECT count(*) FROM waiting w WHERE w.account_id = a.account_id AND w.pool_id = a.pool_id) ELSE 0 END
            FROM alerts a JOIN pools p ON p.account_id = a.account_id AND p.pool_id = a.pool_id
            WHERE a.account_id = $1 ORDER BY a.resolved_at IS NULL DESC, a.at DESC, a.alert_id LIMIT $2
            """,
            account, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var alerts = new List<Alert>();
        while (await reader.ReadAsync(cancellationToken))
            alerts.Add(new Alert(
                reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetString(3), reader.Time(4), reader.TimeOrNull(5), reader.GetInt64(6)));
        return alerts;
    }
}
