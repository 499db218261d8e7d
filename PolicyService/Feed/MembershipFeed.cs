using Npgsql;
using ServiceDefaults.Storage;

namespace PolicyService.Feed;

/// <summary>
/// The feed of membership changes of each account, for enforcement points: records by position, without gaps.
/// <code>
/// rows of users, groups, edges ─► lock the account's feed ─► what changed for whom ─► records at the next positions ─► commit
/// </code>
/// The lock is held until the commit. Therefore positions become visible in order: a reader that has seen a position never
/// finds a lower one later. And each difference is computed after the previous one was committed: a user that becomes active
/// and an edge that arrives at the same time on two replicas make one record. It is the last lock in the lock order (see
/// <c>IFactReaction</c>), and one account never waits for another.
/// </summary>
internal sealed class MembershipFeed(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// Statements after it see everything that was committed before. It also turns generic plans off, because a batch has one
    /// edge or thousands.
    /// </summary>
    /// <returns>The position of the newest record.</returns>
    internal static async Task<long> LockAsync(NpgsqlTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of("SET LOCAL plan_cache_mode = force_custom_plan"));
        batch.BatchCommands.Add(SqlStatement.Of("INSERT INTO membership_feeds (account_id) VALUES ($1) ON CONFLICT DO NOTHING", account));
        batch.BatchCommands.Add(SqlStatement.Of("SELECT position FROM membership_feeds WHERE account_id = $1 FOR UPDATE", account));
        return (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Appends records. Call it under the lock.</summary>
    /// <param name="position">Position of the newest record, as <see cref="LockAsync"/> returned it.</param>
    internal async Task AppendAsync(
        NpgsqlTransaction transaction, Guid account, long position, IReadOnlyCollection<FeedChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count == 0) return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        var now = clock.GetUtcNow();
        foreach (var change in changes)
            batch.BatchCommands.Add(SqlStatement.Of(
                """
                INSERT INTO membership_changes (account_id, position, at, reason, policy_ids, joined, gone) VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                account, ++position, now, Word(change.Reason), change.PolicyIds, change.Joined, change.Left));
        batch.BatchCommands.Add(SqlStatement.Of("UPDATE membership_feeds SET position = $2 WHERE account_id = $1", account, position));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Up to <paramref name="limit"/> records after <paramref name="after"/>, in order.</summary>
    internal async Task<FeedPage> ReadAsync(Guid account, long after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT f.position, f.expired, c.position, c.at, c.reason, c.policy_ids, c.joined, c.gone
            FROM membership_feeds f
            LEFT JOIN LATERAL (SELECT * FROM membership_changes WHERE account_id = $1 AND position > $2 ORDER BY position LIMIT $3) c ON true
            WHERE f.account_id = $1 ORDER BY c.position
            """,
            account, after, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<ChangeRecord>();
        var (newest, expired) = (0L, 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            (newest, expired) = (reader.GetInt64(0), reader.GetInt64(1));
            if (reader.IsDBNull(2)) break;
            var change = new FeedChange(
                Enum.Parse<ChangeReason>(reader.GetString(4), ignoreCase: true),
                reader.GetFieldValue<Guid[]>(5), reader.GetFieldValue<Guid[]>(6), reader.GetFieldValue<Guid[]>(7));
            records.Add(ChangeRecord.Of(reader.GetInt64(2), reader.GetFieldValue<DateTimeOffset>(3), change));
        }
        return new FeedPage(after, records, newest, expired);
    }

    internal async Task<long> NewestAsync(Guid account, CancellationToken cancellationToken) =>
        (await ReadAsync(account, long.MaxValue, 0, cancellationToken)).Newest;

    private static string Word(ChangeReason reason)
    {
        var name = reason.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

/// <param name="After">The position in the request.</param>
/// <param name="Newest">Position of the newest record of the account.</param>
/// <param name="Expired">Records up to this position were deleted.</param>
internal sealed record FeedPage(long After, IReadOnlyList<ChangeRecord> Records, long Newest, long Expired)
{
    /// <summary>Whether the position has expired or never existed. The client has to read all members again.</summary>
    internal bool IsUnavailable => After < Expired || After > Newest;

    internal long Next => Records is [.., var last] ? last.Position : After;
}
