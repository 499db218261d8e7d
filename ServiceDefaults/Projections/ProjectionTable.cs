using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Projections;

/// <summary>
/// Stores whole-state facts of one kind in one table: any number of facts with two statements in one round trip.
/// <code>
/// insert unknown rows   (waits for concurrent inserts of the same key)
/// update older rows     (locks, compares again and returns the old row)
/// </code>
/// A single statement could not return the row before: it would not see a row that another transaction inserts meanwhile. Both
/// statements lock by account and key in order, so that two batches about the same rows cannot deadlock.
/// </summary>
/// <param name="key">The key column within an account.</param>
/// <param name="columns">The columns after account and key, including <c>version</c>.</param>
/// <param name="values">Arrays of values for account, key and each column.</param>
internal sealed class ProjectionTable<TFact, TRow>(
    string table, string key, IReadOnlyList<string> columns,
    Func<TFact, (Guid Account, Guid Key)> keyOf, Func<IReadOnlyList<TFact>, object[]> values, Func<NpgsqlDataReader, TRow> read)
    where TFact : IFact
    where TRow : class
{
    private readonly string insert =
        $"""
        INSERT INTO {table} (account_id, {key}, {string.Join(", ", columns)})
        SELECT * FROM {Changed(key, columns)} ORDER BY account_id, {key}
        ON CONFLICT DO NOTHING
        RETURNING account_id, {key}
        """;

    private readonly string update =
        $"""
        WITH told AS (SELECT * FROM {Changed(key, columns)}),
        older AS (
            SELECT kept.* FROM {table} kept JOIN told USING (account_id, {key}) WHERE kept.version < told.version
            ORDER BY account_id, {key} FOR NO KEY UPDATE OF kept)
        UPDATE {table} kept SET {string.Join(", ", columns.Select(column => $"{column} = told.{column}"))}
        FROM older JOIN told USING (account_id, {key})
        WHERE kept.account_id = older.account_id AND kept.{key} = older.{key}
        RETURNING older.account_id, older.{key}, {string.Join(", ", columns.Select(column => "older." + column))}
        """;

    private static string Changed(string key, IReadOnlyList<string> columns) =>
        $"unnest({string.Join(", ", Enumerable.Range(1, columns.Count + 2).Select(n => $"${n}"))}) AS told (account_id, {key}, {string.Join(", ", columns)})";

    internal IEnumerable<NpgsqlBatchCommand> Statements(IReadOnlyList<TFact> facts)
    {
        if (facts is []) yield break;
        yield return SqlStatement.Of(insert, values(facts));
        yield return SqlStatement.Of(update, values(facts));
    }

    /// <summary>Returns the facts that changed a row, with the row before; null when it was inserted.</summary>
    internal async Task<List<(TRow? Before, TFact Fact)>> ReadAsync(
        NpgsqlDataReader reader, IReadOnlyList<TFact> facts, CancellationToken cancellationToken)
    {
        var changed = new List<(TRow?, TFact)>();
        if (facts is []) return changed;
        var told = facts.ToDictionary(keyOf);
        while (await reader.ReadAsync(cancellationToken)) changed.Add((null, Fact()));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) changed.Add((read(reader), Fact()));
        await reader.NextResultAsync(cancellationToken);
        return changed;

        TFact Fact() => told[(reader.GetGuid(0), reader.GetGuid(1))];
    }
}
