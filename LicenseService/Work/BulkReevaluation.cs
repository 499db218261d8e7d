using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Work;

/// <summary>
/// Re-evaluates many users in batches: evaluate the next thousand by id, store the position, commit. The next batch goes on
/// from there, in any replica. A replica that ends before the commit has changed nothing.
/// </summary>
internal sealed class BulkReevaluation([FromKeyedServices(Database.Background)] NpgsqlDataSource database, TimeProvider clock)
{
    private const int Batch = 1_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private sealed record BatchPosition(Guid Account, Guid Work, string Scope, Guid? Target, Guid? Cursor, bool Begun, DateTimeOffset Since);

    /// <summary>Runs one batch of the oldest re-evaluation. Returns false when there is none that no other replica has claimed.</summary>
    internal async Task<bool> RunBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ClaimAsync(transaction, cancellationToken) is not { } at) return false;
        if (!at.Begun) await CountAsync(transaction, at, cancellationToken);
        var users = await NextAsync(transaction, at, cancellationToken);
        var judged = await Eligibility.EvaluateAsync(transaction, EligibilitySubjects.Of(at.Account, users, at.Since), clock.GetUtcNow(), cancellationToken);
        await RunBatchAsync(transaction, at, users, judged, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Deletes re-evaluations that ended more than 7 days ago.</summary>
    internal async Task DeleteFinishedAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM work WHERE finished_at < $1", clock.GetUtcNow() - Kept);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<BatchPosition?> ClaimAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            SELECT account_id, work_id, scope, target, cursor, total IS NOT NULL, created_at FROM work
            WHERE finished_at IS NULL ORDER BY advanced_at LIMIT 1 FOR UPDATE SKIP LOCKED
            """));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new BatchPosition(
            reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetGuid(3),
            reader.IsDBNull(4) ? null : reader.GetGuid(4), reader.GetBoolean(5), reader.Time(6));
    }

    /// <param name="most">An ORDER BY and LIMIT for each part of the query, or an empty string.</param>
    private static string Users(string scope, string most = "") => scope switch
    {
        "group" => $"SELECT user_id FROM edges WHERE account_id = $1 AND group_scim_id = $2 AND present AND user_id > $3 {most}",
        "users" => $"SELECT user_id FROM users WHERE account_id = $1 AND $2::uuid IS NULL AND user_id > $3 {most}",
        "pool" =>
            $"""
            (SELECT user_id FROM grants WHERE account_id = $1 AND pool_id = $2 AND user_id > $3 {most})
            UNION (SELECT user_id FROM waiting WHERE account_id = $1 AND pool_id = $2 AND user_id > $3 {most})
            """,
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, null),
    };

    private static async Task CountAsync(NpgsqlTransaction transaction, BatchPosition at, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            $"UPDATE work SET total = (SELECT count(DISTINCT user_id) FROM ({Users(at.Scope)}) AS all_of_them) WHERE account_id = $1 AND work_id = $4",
            at.Account, at.Target, Guid.Empty, at.Work));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<List<Guid>> NextAsync(NpgsqlTransaction transaction, BatchPosition at, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            $"SELECT DISTINCT user_id FROM ({Users(at.Scope, $"ORDER BY user_id LIMIT {Batch}")}) AS next ORDER BY user_id LIMIT {Batch}",
            at.Account, at.Target, at.Cursor ?? Guid.Empty));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var users = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) users.Add(reader.GetGuid(0));
        return users;
    }

    private async Task RunBatchAsync(NpgsqlTransaction transaction, BatchPosition at, List<Guid> users, EligibilityResult judged, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            UPDATE work SET done = done + $3, freed = freed + $4, queued = queued + $5, cursor = coalesce($6, cursor), advanced_at = $7,
                finished_at = CASE WHEN $6::uuid IS NULL THEN $7 END
            WHERE account_id = $1 AND work_id = $2
            """,
            at.Account, at.Work, (long)users.Count, judged.Freed, judged.Queued, users is [] ? null : users[^1], clock.GetUtcNow()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
