using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Storage;

/// <param name="Id">Of the directory's alert.</param>
/// <param name="Deactivated">Users that the directory let go within the hour before the alert, of <paramref name="Users"/>.</param>
/// <param name="Seats">Seats kept back now.</param>
internal sealed record Hold(
    Guid Id, Guid DirectoryId, string? DirectoryName, DateTimeOffset AlertAt, long Deactivated, long Users, DateTimeOffset ExpiresAt, DateTimeOffset? ReleasedAt,
    Actor? ReleasedBy, long Seats);

/// <summary>Holds (<see cref="Seats.HoldRules"/>): to look at, and to end.</summary>
internal sealed class HoldStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Batch = 5_000;
    private const string Select =
        """
        SELECT h.hold_id, h.directory_id, d.name, h.alert_at, h.deactivated, h.users, h.expires_at, h.released_at,
            (SELECT count(*) FROM held_seats s WHERE s.account_id = h.account_id AND s.hold_id = h.hold_id),
            h.released_by_kind, h.released_by_id, h.released_by_name
        FROM holds h LEFT JOIN directories d ON d.account_id = h.account_id AND d.directory_id = h.directory_id
        WHERE h.account_id = $1
        """;

    /// <summary>The latest first.</summary>
    internal Task<List<Hold>> ListAsync(Guid account, int limit, CancellationToken cancellationToken) =>
        QueryAsync(Select + " ORDER BY h.alert_at DESC, h.hold_id LIMIT $2", cancellationToken, account, limit);

    internal async Task<Hold?> FindAsync(Guid account, Guid hold, CancellationToken cancellationToken) =>
        (await QueryAsync(Select + " AND h.hold_id = $2", cancellationToken, account, hold)).SingleOrDefault();

    /// <summary>The seats go to others as soon as <see cref="EndAsync"/> has seen it. False: it had ended already.</summary>
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
    /// Gives up seats of holds that are released or expired, pools first: the order of locks is user, grant, pool, held
    /// seat. A fact that saw the hold a moment before can add one afterwards: it is found the next time. False: there are none.
    /// </summary>
    internal async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statement.Of(
            """
            SELECT FROM pools p WHERE p.held > 0 AND EXISTS (
                SELECT FROM held_seats s JOIN holds h USING (account_id, hold_id)
                WHERE s.account_id = p.account_id AND s.pool_id = p.pool_id AND (h.released_at IS NOT NULL OR h.expires_at <= $1))
            ORDER BY p.account_id, p.pool_id FOR NO KEY UPDATE
            """,
            now));
        batch.BatchCommands.Add(Statement.Of(
            $"""
            WITH ended AS (
                DELETE FROM held_seats s WHERE (account_id, pool_id, user_id) IN (
                    SELECT s.account_id, s.pool_id, s.user_id FROM pools p
                    JOIN held_seats s ON s.account_id = p.account_id AND s.pool_id = p.pool_id
                    JOIN holds h ON h.account_id = s.account_id AND h.hold_id = s.hold_id
                    WHERE p.held > 0 AND (h.released_at IS NOT NULL OR h.expires_at <= $1) LIMIT {Batch})
                RETURNING 1)
            SELECT count(*) FROM ended
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
                reader.IsDBNull(7) ? null : reader.Time(7), reader.IsDBNull(7) ? null : reader.Actor(9), reader.GetInt64(8)));
        return holds;
    }
}
