using Npgsql;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Projections;

/// <summary>
/// Stores membership edges, each with its own version, like <see cref="ProjectionTable{TFact, TRow}"/>. A removal stays as a
/// tombstone (<c>present = false</c>), so that an older fact cannot restore the edge. Where a rebuild dropped tombstones, facts
/// up to version <c>groups.edges_known</c> of the group are ignored.
/// </summary>
/// <param name="groups">
/// The table with <c>edges_known</c>; null for the shadow tables of a rebuild, which accept the directory's edges of exactly
/// that version and drop older ones at the end.
/// </param>
internal sealed class EdgeTable(string edges, string? groups)
{
    private const string Columns = "account_id, group_scim_id, user_scim_id, group_id, user_id, present, version";

    private readonly string insert =
        $"""
        INSERT INTO {edges} ({Columns}) {NewerCondition(groups)} ORDER BY account_id, group_scim_id, user_scim_id
        ON CONFLICT DO NOTHING
        RETURNING account_id, group_scim_id, user_scim_id, present
        """;

    private readonly string update =
        $"""
        WITH told AS ({NewerCondition(groups)}),
        older AS (
            SELECT kept.* FROM {edges} kept JOIN told USING (account_id, group_scim_id, user_scim_id) WHERE kept.version < told.version
            ORDER BY account_id, group_scim_id, user_scim_id FOR NO KEY UPDATE OF kept)
        UPDATE {edges} kept SET present = told.present, version = told.version
        FROM older JOIN told USING (account_id, group_scim_id, user_scim_id)
        WHERE kept.account_id = older.account_id AND kept.group_scim_id = older.group_scim_id AND kept.user_scim_id = older.user_scim_id
        RETURNING kept.account_id, kept.group_scim_id, kept.user_scim_id, kept.present <> older.present
        """;

    private static string NewerCondition(string? groups) =>
        $"SELECT told.* FROM unnest($1, $2, $3, $4, $5, $6, $7) AS told ({Columns})"
        + (groups is null ? "" : $"""
             LEFT JOIN {groups} g ON g.account_id = told.account_id AND g.group_id = told.group_id
            WHERE g.edges_known IS NULL OR g.edges_known < told.version
            """);

    internal IEnumerable<NpgsqlBatchCommand> Statements(IReadOnlyList<EdgeFact> told)
    {
        if (told is []) yield break;
        var all = told.ToList();
        object[] values =
        [
            all.ConvertAll(one => one.Fact.AccountId), all.ConvertAll(one => one.Fact.GroupScimId), all.ConvertAll(one => one.Edge.UserScimId),
            all.ConvertAll(one => one.Fact.GroupId), all.ConvertAll(one => one.Edge.UserId), all.ConvertAll(one => one.Edge.Present),
            all.ConvertAll(one => one.Fact.Version),
        ];
        yield return SqlStatement.Of(insert, values);
        yield return SqlStatement.Of(update, values);
    }

    internal static async Task<List<EdgeChange>> ReadAsync(NpgsqlDataReader reader, IReadOnlyList<EdgeFact> told, CancellationToken cancellationToken)
    {
        var moves = new List<EdgeChange>();
        if (told is []) return moves;
        var byKey = told.ToDictionary(one => (one.Fact.AccountId, one.Fact.GroupScimId, one.Edge.UserScimId));
        // Of the inserted edges only the present ones are changes, because an unknown edge counts as not present.
        for (var statement = 0; statement < 2; statement++)
        {
            while (await reader.ReadAsync(cancellationToken))
                if (reader.GetBoolean(3)) moves.Add(Move(byKey[(reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2))]));
            await reader.NextResultAsync(cancellationToken);
        }
        return moves;
    }

    private static EdgeChange Move(EdgeFact told)
    {
        var (fact, edge) = (told.Fact, told.Edge);
        return new EdgeChange(
            fact.AccountId, fact.GroupId, fact.GroupScimId, edge.UserId, edge.UserScimId, edge.Present, fact.EventId, fact.Actor, fact.At);
    }
}
