using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Rebuilding;

/// <summary>
/// Compares the shadow tables of an account with the live tables and corrects differences in place. Replacing all rows instead
/// would lock and write everything, and the differences would not be known.
/// </summary>
internal static class ShadowTables
{
    /// <summary>The whole-state tables: key, compared columns, and columns that are only copied.</summary>
    private static readonly (string Table, string Key, string[] Columns, string[] Beside)[] States =
    [
        ("directories", "directory_id", ["name", "provider", "deleted", "last_alert"], ["version"]),
        ("users", "user_id", ["directory_id", "scim_id", "status", "deactivations", "has_email", "user_name", "display_name"], ["version"]),
        ("groups", "group_id", ["directory_id", "scim_id", "status", "display_name"], ["version", "edges_known"]),
    ];

    /// <summary>
    /// Returns four rows (one per table, in alphabetical order) with the columns missing, unknown, wrong. An edge is effective
    /// by the shadow tables' group and user. An older version in the live table is no difference, because a group's version
    /// grows with each change of members.
    /// </summary>
    private static readonly string Compare =
        string.Join("\nUNION ALL\n", States.Select(state =>
            $"""
            SELECT '{state.Table}', count(*) FILTER (WHERE kept.version IS NULL), count(*) FILTER (WHERE shadow.version IS NULL),
                count(*) FILTER (WHERE kept.version > shadow.version OR kept.version <= shadow.version AND {Row("kept", state.Columns)} IS DISTINCT FROM {Row("shadow", state.Columns)})
            FROM (SELECT * FROM {state.Table} WHERE account_id = $1) kept
            FULL JOIN (SELECT * FROM shadow_{state.Table} WHERE account_id = $1) shadow USING ({state.Key})
            """))
        + """

        UNION ALL
        SELECT 'memberships', count(*) FILTER (WHERE shadow.present AND kept.present IS NOT TRUE),
            count(*) FILTER (WHERE kept.present AND shadow.present IS NOT TRUE),
            count(*) FILTER (WHERE kept.present AND shadow.present AND kept.version > shadow.version)
        FROM (
            SELECT e.* FROM edges e
            JOIN shadow_groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status <> 'removed'
            JOIN shadow_users u ON u.account_id = e.account_id AND u.user_id = e.user_id AND u.scim_id = e.user_scim_id AND u.status <> 'removed'
            WHERE e.account_id = $1) kept
        FULL JOIN (
            SELECT e.* FROM shadow_edges e
            JOIN shadow_groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status <> 'removed'
            JOIN shadow_users u ON u.account_id = e.account_id AND u.user_id = e.user_id AND u.scim_id = e.user_scim_id AND u.status <> 'removed'
            WHERE e.account_id = $1 AND e.version >= g.edges_known) shadow USING (group_scim_id, user_scim_id)
        ORDER BY 1
        """;

    /// <summary>
    /// The correcting statements, in lock order. Users are locked by key before they are written, because other transactions
    /// lock single users.
    /// </summary>
    private static readonly string[] Correct =
    [
        .. States.SelectMany(state => (string[])
        [
            $"""
            WITH gone AS (
                SELECT {state.Key} FROM {state.Table} kept WHERE account_id = $1
                  AND NOT EXISTS (SELECT FROM shadow_{state.Table} s WHERE s.account_id = $1 AND s.{state.Key} = kept.{state.Key})
                ORDER BY {state.Key} FOR UPDATE)
            DELETE FROM {state.Table} kept USING gone WHERE kept.account_id = $1 AND kept.{state.Key} = gone.{state.Key}
            """,
            $"""
            WITH other AS (
                SELECT shadow.* FROM {state.Table} kept JOIN shadow_{state.Table} shadow USING (account_id, {state.Key})
                WHERE account_id = $1 AND {Row("kept", [.. state.Columns, .. state.Beside])} IS DISTINCT FROM {Row("shadow", [.. state.Columns, .. state.Beside])}
                ORDER BY {state.Key} FOR NO KEY UPDATE OF kept)
            UPDATE {state.Table} kept SET {string.Join(", ", state.Columns.Concat(state.Beside).Select(column => $"{column} = other.{column}"))}
            FROM other WHERE kept.account_id = $1 AND kept.{state.Key} = other.{state.Key}
            """,
            $"""
            INSERT INTO {state.Table} (account_id, {state.Key}, {string.Join(", ", state.Columns.Concat(state.Beside))})
            SELECT account_id, {state.Key}, {string.Join(", ", state.Columns.Concat(state.Beside))} FROM shadow_{state.Table} s WHERE account_id = $1
              AND NOT EXISTS (SELECT FROM {state.Table} kept WHERE kept.account_id = $1 AND kept.{state.Key} = s.{state.Key})
            """,
        ]),
        """
        DELETE FROM edges e WHERE account_id = $1 AND NOT EXISTS (
            SELECT FROM shadow_edges s WHERE s.account_id = $1 AND s.group_scim_id = e.group_scim_id AND s.user_scim_id = e.user_scim_id)
        """,
        // An edge with an older version is not touched: edges_known makes facts up to the directory's version irrelevant.
        """
        UPDATE edges e SET present = s.present, version = s.version, group_id = s.group_id, user_id = s.user_id
        FROM shadow_edges s
        WHERE e.account_id = $1 AND s.account_id = $1 AND s.group_scim_id = e.group_scim_id AND s.user_scim_id = e.user_scim_id
          AND (e.present <> s.present OR e.version > s.version OR e.group_id <> s.group_id OR e.user_id <> s.user_id)
        """,
        """
        INSERT INTO edges (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version)
        SELECT account_id, group_scim_id, user_scim_id, group_id, user_id, present, version FROM shadow_edges s WHERE account_id = $1
          AND NOT EXISTS (SELECT FROM edges e WHERE e.account_id = $1 AND e.group_scim_id = s.group_scim_id AND e.user_scim_id = s.user_scim_id)
        """,
    ];

    private static string Row(string table, IEnumerable<string> columns) => $"({string.Join(", ", columns.Select(column => $"{table}.{column}"))})";

    internal static async Task<Differences> CompareAsync(NpgsqlTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatchWithoutTimeout(transaction);
        batch.BatchCommands.Add(SqlStatement.Of(Compare, account));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new List<Difference>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(new Difference(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        return new Differences(Directories: found[0], Groups: found[1], Memberships: found[2], Users: found[3]);
    }

    internal static async Task CorrectAsync(NpgsqlTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatchWithoutTimeout(transaction);
        foreach (var sql in Correct) batch.BatchCommands.Add(SqlStatement.Of(sql, account));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sets edges_known of groups read from the feed: all facts about their edges up to that version are included.</summary>
    internal static async Task EdgesKnownAsync(NpgsqlTransaction transaction, IReadOnlyList<GroupChanged> read, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatchWithoutTimeout(transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            WITH known AS (
                SELECT g.account_id, g.group_id, read.version FROM shadow_groups g
                JOIN unnest($1, $2, $3) AS read (account_id, group_id, version) USING (account_id, group_id)
                ORDER BY g.account_id, g.group_id FOR NO KEY UPDATE OF g)
            UPDATE shadow_groups g SET edges_known = known.version FROM known
            WHERE g.account_id = known.account_id AND g.group_id = known.group_id
            """,
            read.Select(group => group.AccountId).ToList(), read.Select(group => group.GroupId).ToList(), read.Select(group => group.Version).ToList()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes shadow edges that facts wrote before the feed was read and that the feed does not contain.</summary>
    internal static async Task DropOutdatedEdgesAsync(NpgsqlTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatchWithoutTimeout(transaction);
        batch.BatchCommands.Add(SqlStatement.Of(
            """
            DELETE FROM shadow_edges e USING shadow_groups g
            WHERE e.account_id = $1 AND g.account_id = $1 AND g.group_id = e.group_id AND e.version < g.edges_known
            """,
            account));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async Task<string> ChecksumAsync(NpgsqlTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatchWithoutTimeout(transaction);
        batch.BatchCommands.Add(SqlStatement.Of(ProjectionChecksum.Sql, account));
        return (string)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    internal static async Task ClearAsync(NpgsqlTransaction transaction, Guid account, CancellationToken cancellationToken)
    {
        await using var batch = CreateBatchWithoutTimeout(transaction);
        foreach (var table in (string[])["shadow_directories", "shadow_users", "shadow_groups", "shadow_edges"])
            batch.BatchCommands.Add(SqlStatement.Of($"DELETE FROM {table} WHERE account_id = $1", account));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A batch without a command timeout: the time grows with the account, and the rebuild waits for it.</summary>
    private static NpgsqlBatch CreateBatchWithoutTimeout(NpgsqlTransaction transaction) => new(transaction.Connection, transaction) { Timeout = 0 };
}
