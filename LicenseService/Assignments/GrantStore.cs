using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Assignments;

/// <summary>Reads the current grants of a pool.</summary>
internal sealed class GrantStore(NpgsqlDataSource database)
{
    private const string Select =
        """
        SELECT g.pool_id, g.user_id, u.user_name, u.display_name, g.granted_at, g.granted_by_kind, g.granted_by_id, g.granted_by_name,
            g.manual_at IS NOT NULL, g.rule_id
        FROM grants g JOIN users u ON u.account_id = g.account_id AND u.user_id = g.user_id
        WHERE g.account_id = $1 AND g.pool_id = $2
        """;

    /// <summary>Up to <paramref name="limit"/> grants by user id, after <paramref name="after"/>.</summary>
    internal Task<List<Grant>> ListAsync(Guid account, Guid pool, Guid? after, int limit, CancellationToken cancellationToken) =>
        QueryAsync(Select + " AND g.user_id > $3 ORDER BY g.user_id LIMIT $4", cancellationToken, account, pool, after ?? Guid.Empty, limit);

    internal async Task<Grant?> FindAsync(Guid account, Guid pool, Guid user, CancellationToken cancellationToken) =>
        (await QueryAsync(Select + " AND g.user_id = $3", cancellationToken, account, pool, user)).SingleOrDefault();

    private async Task<List<Grant>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var grants = new List<Grant>();
        while (await reader.ReadAsync(cancellationToken))
            grants.Add(new Grant(
                reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.Text(3), reader.Time(4), reader.Actor(5),
                reader.GetBoolean(8), reader.Id(9)));
        return grants;
    }
}
