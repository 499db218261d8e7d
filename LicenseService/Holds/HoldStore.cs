using Contracts.Events.V1;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Holds;

/// <param name="Id">Id of the directory's alert.</param>
/// <param name="Deactivated">How many of <paramref name="Users"/> the directory deactivated or removed within the hour before the alert.</param>
/// <param name="Seats">Seats kept back now.</param>
/// <param name="TakenBack">Seats that were taken back for it from users who had waited.</param>
internal sealed record Hold(
    Guid Id, Guid DirectoryId, string? DirectoryName, DateTimeOffset AlertAt, long Deactivated, long Users, DateTimeOffset ExpiresAt, DateTimeOffset? ReleasedAt,
    Actor? ReleasedBy, long Seats, long TakenBack);

/// <summary>Reads, releases and ends holds (<see cref="LicenseService.Holds.HoldRules"/>).</summary>
internal sealed class HoldStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// The held seats of released and expired holds. Each hold is found by index, because the query runs after every batch of
    /// facts.
    /// </summary>
    private const string Ended =
        """
        SELECT s.account_id, s.pool_id, s.user_id
        FROM holds h CROSS JOIN LATERAL (
            SELECT * FROM held_seats WHERE account_id = h.account_id AND hold_id = h.hold_id ORDER BY user_id, pool_id LIMIT 5000) s
        WHERE h.released_at IS NOT NULL OR h.expires_at <= $1
        """;

    private const string Select =
        """
        SELECT h.hold_id, h.directory_id, d.name, h.alert_at, h.deactivated, h.users, h.expires_at, h.released_at,
            (SELECT count(*) FROM held_seats s WHERE s.account_id = h.account_id AND s.hold_id = h.hold_id),
            h.released_by_kind, h.released_by_id, h.released_by_name, h.taken_back
        FROM holds h LEFT JOIN directories d ON d.account_id = h.account_id AND d.directory_id = h.directory_id
        WHERE h.account_id = $1
        """;

    /// <summary>The newest holds first.</summary>
    internal Task<List<Hold>> ListAsync(Guid account, int limit, CancellationToken cancellationToken) =>
        QueryAsync(Select + " ORDER BY h.alert_at DESC, h.hold_id LIMIT $2", cancellationToken, account, limit);

    internal async Task<Hold?> FindAsync(Guid account, Guid hold, CancellationToken cancellationToken) =>
        (await QueryAsync(Select + " AND h.hold_id = $2", cancellationToken, account, hold)).SingleOrDefault();

    /// <summary>
    /// Marks the hold as released; <see cref="ReleaseExpiredAsync"/> then frees its seats. Returns false when the hold had already ended.
    /// </summary>
    internal async Task<bool> ReleaseAsync(Guid account, Guid hold, Actor by, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE holds SET released_at = $3, released_by_kind = $4, released_by_id = $5, released_by_name = $6
            WHERE account_id = $1 AND hold_id = $2 AND released_at IS NULL AND expires_at > $3
            """,
            account, hold, clock.GetUtcNow(), by.Kind, by.Id, by.Name);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>
    /// Ends the holding of seats whose hold is released or expired. Locks pools first: the order is user, grant, pool, held
    /// seat. A concurrent fact that still saw the hold can add a held seat afterwards; the next call finds it. Returns false
    /// when there are none.
    /// </summary>
    internal async Task<bool> ReleaseExpiredAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            SELECT FROM pools WHERE (account_id, pool_id) IN (SELECT account_id, pool_id FROM ({Ended}) ended)
            ORDER BY account_id, pool_id FOR NO KEY UPDATE
            """,
            now));
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            WITH gone AS (
                DELETE FROM held_seats WHERE (account_id, pool_id, user_id) IN (SELECT account_id, pool_id, user_id FROM ({Ended}) ended)
                RETURNING 1)
            SELECT count(*) FROM gone
            """,
            now));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0) > 0;
    }

    private async Task<List<Hold>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var holds = new List<Hold>();
        while (await reader.ReadAsync(cancellationToken))
            holds.Add(new Hold(
                reader.GetGuid(0), reader.GetGuid(1), reader.Text(2), reader.Time(3), reader.GetInt64(4), reader.GetInt64(5), reader.Time(6),
                reader.IsDBNull(7) ? null : reader.Time(7), reader.IsDBNull(7) ? null : reader.Actor(9), reader.GetInt64(8), reader.GetInt64(12)));
        return holds;
    }
}
