namespace PolicyService.Tests.Storage;

/// <summary>The projections of one account as lines.</summary>
internal static class TableRows
{
    private const string Sql =
        """
        SELECT concat_ws(' ', 'user', user_id, scim_id, status, version) FROM users WHERE account_id = $1
        UNION ALL SELECT concat_ws(' ', 'group', group_id, scim_id, status, version) FROM groups WHERE account_id = $1
        UNION ALL SELECT concat_ws(' ', 'edge', group_id, group_scim_id, user_id, user_scim_id, present::text, version) FROM edges WHERE account_id = $1
        """;

    internal static async Task<IReadOnlyList<string>> ReadAsync(PolicySystem system, Guid account) =>
        [.. (await system.RowsAsync(Sql, row => row.GetString(0), account)).Order(StringComparer.Ordinal)];
}
