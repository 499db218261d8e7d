using System.Text.Json;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Rebuilding;

/// <summary>
/// The table rebuilds: one row per account that was ever rebuilt.
/// <code>
/// (none), done, failed ─ begin ─► running ─ corrected, in the same transaction ─► done
///                                    └─ an error, or the replica died ─► failed
/// </code>
/// </summary>
internal static class RebuildTable
{
    internal static Task BeginAsync(NpgsqlTransaction transaction, Guid account, string startedBy, DateTimeOffset now, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction,
            """
            INSERT INTO rebuilds (account_id, rebuild_id, state, started_at, started_by) VALUES ($1, gen_random_uuid(), 'running', $2, $3)
            ON CONFLICT (account_id) DO UPDATE SET rebuild_id = excluded.rebuild_id, state = 'running', started_at = excluded.started_at,
                started_by = excluded.started_by, finished_at = NULL, rows_read = 0, checksum_before = NULL, checksum_after = NULL,
                differences = NULL, error = NULL
            """,
            [account, now, startedBy], cancellationToken);

    internal static Task ProgressAsync(NpgsqlTransaction transaction, Guid account, long rowsRead, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction, "UPDATE rebuilds SET rows_read = $2 WHERE account_id = $1", [account, rowsRead], cancellationToken);

    internal static Task DoneAsync(
        NpgsqlTransaction transaction, Guid account, string before, string after, Differences found, DateTimeOffset now, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction,
            """
            UPDATE rebuilds SET state = 'done', finished_at = $2, checksum_before = $3, checksum_after = $4, differences = $5::jsonb
            WHERE account_id = $1
            """,
            [account, now, before, after, JsonSerializer.Serialize(found, ProjectionJsonContext.Default.Differences)], cancellationToken);

    internal static Task FailAsync(NpgsqlTransaction transaction, Guid account, string error, DateTimeOffset now, CancellationToken cancellationToken) =>
        ExecuteAsync(transaction,
            "UPDATE rebuilds SET state = 'failed', finished_at = $2, error = $3 WHERE account_id = $1 AND state = 'running'", [account, now, error], cancellationToken);

    internal static async Task<IReadOnlyList<Guid>> RunningAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT account_id FROM rebuilds WHERE state = 'running'");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var accounts = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) accounts.Add(reader.GetGuid(0));
        return accounts;
    }

    /// <summary>Reads the latest rebuild of the account; null when there was none.</summary>
    internal static async Task<Rebuild?> FindAsync(NpgsqlDataSource database, Guid account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT state, started_at, started_by, finished_at, rows_read, checksum_before, checksum_after, differences::text, error
            FROM rebuilds WHERE account_id = $1
            """,
            account);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var started = reader.GetFieldValue<DateTimeOffset>(1);
        DateTimeOffset? finished = reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3);
        return new Rebuild(
            Enum.Parse<RebuildState>(reader.GetString(0), ignoreCase: true), started, reader.GetString(2), finished,
            Math.Round(((finished ?? now) - started).TotalSeconds, 3), reader.GetInt64(4), Text(5), Text(6),
            Text(7) is { } found ? JsonSerializer.Deserialize(found, ProjectionJsonContext.Default.Differences) : null, Text(8));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, object?[] values, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(sql, values));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
