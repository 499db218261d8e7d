using Npgsql;
using PolicyService.Policies;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>Every policy of an account, judged for one user.</summary>
internal sealed class Evaluations(NpgsqlDataSource database)
{
    /// <summary>
    /// In the order in which policies apply; null: the account has no such user. One statement, so that the user's state
    /// and its groups are of the same moment. It begins at the user's own edges: what it costs grows with the user's groups
    /// and the account's policies, never with the size of a group.
    /// </summary>
    internal async Task<EvaluatedUser?> OfUserAsync(Guid account, Guid user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH via AS (
                SELECT n.policy_id, g.group_id, g.display_name, g.status
                FROM users u
                JOIN edges e ON e.account_id = u.account_id AND e.user_scim_id = u.scim_id AND e.present
                JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id
                JOIN policy_groups n ON n.account_id = g.account_id AND n.group_id = g.group_id
                WHERE u.account_id = $1 AND u.user_id = $2)
            SELECT u.status, p.policy_id, p.name, p.position, p.enabled, via.group_id, via.display_name, via.status
            FROM users u
            LEFT JOIN policies p ON p.account_id = u.account_id
            LEFT JOIN via ON via.policy_id = p.policy_id
            WHERE u.account_id = $1 AND u.user_id = $2
            ORDER BY p.position, p.name_key, via.display_name COLLATE "C", via.group_id
            """,
            account, user);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var status = Words.UserStatus(reader.GetString(0));
        var policies = new List<Evaluation>();
        var more = !reader.IsDBNull(1);
        while (more)
        {
            var (id, name, order, enabled) = (reader.GetGuid(1), reader.GetString(2), reader.GetInt32(3), reader.GetBoolean(4));
            var memberOf = new List<NamedGroup>();
            do
            {
                if (!reader.IsDBNull(5))
                    memberOf.Add(new NamedGroup(reader.GetGuid(5), reader.GetString(6), Words.GroupStatus(reader.GetString(7))));
                more = await reader.ReadAsync(cancellationToken);
            }
            while (more && reader.GetGuid(1) == id);
            policies.Add(Evaluation.Of(id, name, order, enabled, status, memberOf));
        }
        return new EvaluatedUser(status, policies);
    }
}
