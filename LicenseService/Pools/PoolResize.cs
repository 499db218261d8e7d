using Contracts.Events.V1;
using LicenseService.Rules;
using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Pools;

/// <summary>
/// Changes the number of seats of a pool. If fewer than are in use are left, the users whom <see cref="ShrinkOrder"/> puts first lose theirs.
/// <code>
/// allocation lock ─► who loses ─► lock their rows in order ─► lock the pool ─► still the same number? free and resize
///                        ▲                                                        │ no: grants changed meanwhile
///                        └────────────────────────────────────────────────────────┘
/// </code>
/// </summary>
internal sealed class PoolResize(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Attempts = 5;
    private const int Shown = 100;

    private const string Holders =
        $"""
        SELECT g.user_id, g.granted_at, g.manual_at IS NOT NULL AS manual, f.rule_id, f.position, u.user_name, u.display_name
        FROM grants g
        LEFT JOIN users u ON u.account_id = g.account_id AND u.user_id = g.user_id
        LEFT JOIN LATERAL (
            SELECT r.rule_id, r.position FROM {EntitlementSql.Rules} r WHERE r.pool_id = g.pool_id ORDER BY r.position, r.rule_id LIMIT 1) f ON true
        WHERE g.account_id = $1 AND g.pool_id = $2
        """;

    private static string Losers(ShrinkStrategy by) => by switch
    {
        ShrinkStrategy.NewestFirst => $"SELECT * FROM ({Holders}) h WHERE $4::uuid[] IS NOT NULL ORDER BY granted_at DESC, user_id DESC LIMIT $3",
        ShrinkStrategy.LastRuleFirst =>
            $"""
            SELECT * FROM ({Holders}) h WHERE $4::uuid[] IS NOT NULL
            ORDER BY manual OR rule_id IS NULL, position DESC NULLS LAST, rule_id DESC NULLS LAST, granted_at DESC, user_id DESC LIMIT $3
            """,
        ShrinkStrategy.Chosen => $"SELECT * FROM ({Holders} AND g.user_id = ANY ($4)) h WHERE $3 >= 0 ORDER BY granted_at DESC, user_id DESC",
    };

    /// <summary>Returns null when there is no such pool.</summary>
    internal async Task<ShrinkPreview?> PreviewAsync(Guid account, Guid pool, int seats, LoserChoice choice, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await PoolAsync(transaction, account, pool, cancellationToken) is not { } now) return null;
        var missing = Math.Max(now.Used - seats, 0);
        if (missing == 0) return new ShrinkPreview(now, 0, 0, []);
        var losers = await LosersAsync(transaction, account, pool, missing, choice, cancellationToken);
        return new ShrinkPreview(now, missing, losers.Count(loser => loser.RuleId is not null), [.. losers.Take(Shown)]);
    }

    /// <param name="choice">Null when no user may lose a seat.</param>
    internal async Task<ResizeOutcome> ResizeAsync(Guid account, Guid pool, int seats, LoserChoice? choice, Actor by, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await TryAsync(account, pool, seats, choice, by, cancellationToken) is { } outcome) return outcome;
        }
        return new ResizeOutcome.Busy();
    }

    private async Task<ResizeOutcome?> TryAsync(Guid account, Guid pool, int seats, LoserChoice? choice, Actor by, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PoolAllocationLock.AcquireAsync(transaction, pool, cancellationToken);
        if (await PoolAsync(transaction, account, pool, cancellationToken) is not { } before) return new ResizeOutcome.NoSuchPool();
        IReadOnlyList<Guid> losers = [];
        if (before.Used > seats)
        {
            if (choice is null) return new ResizeOutcome.InUse(before.Used);
            losers = [.. (await LosersAsync(transaction, account, pool, before.Used - seats, choice, cancellationToken)).Select(loser => loser.UserId)];
            if (losers.Count != before.Used - seats || choice.By == ShrinkStrategy.Chosen && choice.UserIds.Distinct().Count() != losers.Count)
                return choice.By == ShrinkStrategy.Chosen ? new ResizeOutcome.ChosenDoNotFit(before.Used - seats, losers.Count) : null;
        }
        var now = clock.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            "SELECT FROM users WHERE account_id = $1 AND user_id = ANY ($2) ORDER BY user_id FOR NO KEY UPDATE", account, losers));
        batch.BatchCommands.Add(SqlStatement.Of("SELECT FROM pools WHERE account_id = $1 AND pool_id = $2 FOR NO KEY UPDATE", account, pool));
        batch.BatchCommands.Add(Free(account, pool, losers, by, now));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            WITH resized AS (
                UPDATE pools SET seats = $3 WHERE account_id = $1 AND pool_id = $2 AND used <= $3 AND ($4 = 0 OR used = $3)
                RETURNING account_id, pool_id, seats)
            INSERT INTO pool_history (account_id, pool_id, seats, actor_kind, actor_id, actor_name, at)
            SELECT account_id, pool_id, seats, $5, $6, $7, $8 FROM resized
            RETURNING 1
            """,
            account, pool, seats, losers.Count, by.Kind, by.Id, by.Name, now));
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            INSERT INTO pending_users (account_id, user_id, since)
            SELECT $1, user_id, $3 FROM unnest($2) AS l (user_id) WHERE EXISTS (SELECT FROM rules WHERE account_id = $1)
            """,
            account, losers, now));
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            for (var statement = 0; statement < 3; statement++) await reader.NextResultAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken)) return null;
        }
        await transaction.CommitAsync(cancellationToken);
        return new ResizeOutcome.Resized();
    }

    private static NpgsqlBatchCommand Free(Guid account, Guid pool, IReadOnlyList<Guid> losers, Actor by, DateTimeOffset now) => SqlStatement.Of(
        """
        WITH freed AS (
            DELETE FROM grants WHERE account_id = $1 AND pool_id = $2 AND user_id = ANY ($3)
            RETURNING account_id, pool_id, product, user_id)
        INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, actor_name, at)
        SELECT account_id, pool_id, product, user_id, 'freed', 'poolShrunk', $4, $5, $6, $7 FROM freed
        RETURNING 1
        """,
        account, pool, losers, by.Kind, by.Id, by.Name, now);

    private static async Task<Pool?> PoolAsync(NpgsqlTransaction transaction, Guid account, Guid pool, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of("SELECT product, seats, used, held FROM pools WHERE account_id = $1 AND pool_id = $2", account, pool));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Pool(pool, reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3))
            : null;
    }

    private static async Task<List<Loser>> LosersAsync(
        NpgsqlTransaction transaction, Guid account, Guid pool, int missing, LoserChoice choice, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(Losers(choice.By), account, pool, missing, choice.UserIds));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var losers = new List<Loser>();
        while (await reader.ReadAsync(cancellationToken))
            losers.Add(new Loser(reader.GetGuid(0), reader.Text(5) ?? "", reader.Text(6), reader.Time(1), reader.GetBoolean(2), reader.Id(3)));
        return losers;
    }
}
