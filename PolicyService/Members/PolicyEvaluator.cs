using Npgsql;
using PolicyService.Policies;
using PolicyService.Storage;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService.Members;

/// <summary>
/// Evaluates the policies of an account for one user. It is one statement, so that the user's state and its groups come from
/// the same snapshot. It starts from the user's edges: its cost grows with the user's groups and with the policies, not with
/// the size of a group.
/// </summary>
internal sealed class PolicyEvaluator(NpgsqlDataSource database)
{
    private const string Matched =
        """
        WITH u AS (SELECT * FROM users WHERE account_id = $1 AND user_id = $2),
        matched AS (
            SELECT t.policy_id, t.excluded, t.subject, t.subject_id, g.display_name, g.status
            FROM u
            JOIN edges e ON e.account_id = u.account_id AND e.user_scim_id = u.scim_id AND e.present
            JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id
            JOIN policy_terms t ON t.account_id = g.account_id AND t.subject = 'group' AND t.subject_id = g.group_id
            UNION ALL
            SELECT t.policy_id, t.excluded, t.subject, t.subject_id, NULL, NULL
            FROM u JOIN policy_terms t ON t.account_id = u.account_id AND t.subject = 'user' AND t.subject_id = u.user_id AND t.user_scim_id = u.scim_id
            UNION ALL
            SELECT t.policy_id, t.excluded, t.subject, t.subject_id, NULL, NULL
            FROM u JOIN policy_terms t ON t.account_id = u.account_id AND t.subject = 'directory' AND t.subject_id = u.directory_id)
        SELECT u.status, u.scim_id, u.directory_id, d.name, d.deleted,
               p.policy_id, p.name, p.kind, p.action, p.position, p.enabled, p.everyone,
               m.excluded, m.subject, m.subject_id, m.display_name, m.status
        FROM u
        LEFT JOIN directories d ON d.account_id = u.account_id AND d.directory_id = u.directory_id
        """;
    private const string WithMatches =
        """
        LEFT JOIN matched m ON m.policy_id = p.policy_id
        ORDER BY p.position, p.name_key, m.display_name COLLATE "C", m.subject_id
        """;
    private const string AllSql = Matched + "\nLEFT JOIN policies p ON p.account_id = u.account_id\n" + WithMatches;
    internal const string CoveringSql = Matched +
        """

        LEFT JOIN policies p ON p.account_id = u.account_id AND p.enabled AND p.policy_id IN (
            SELECT policy_id FROM matched WHERE NOT excluded UNION SELECT policy_id FROM policies WHERE account_id = $1 AND everyone)

        """ + WithMatches;

    /// <summary>Evaluates every policy of the account. Returns null when the account has no such user.</summary>
    internal Task<EvaluatedUser?> EvaluateAsync(Guid account, Guid user, CancellationToken cancellationToken) =>
        ReadAsync(AllSql, account, user, cancellationToken);

    /// <summary>Returns the policies that apply, or null when the account has no such user.</summary>
    internal async Task<List<AppliedPolicy>?> ListAppliedAsync(Guid account, Guid user, CancellationToken cancellationToken) =>
        await ReadAsync(CoveringSql, account, user, cancellationToken) is { } judged
            ? [.. judged.Policies.Where(policy => policy.Verdict.Applies).Select(policy => policy.Applied())]
            : null;

    private async Task<EvaluatedUser?> ReadAsync(string sql, Guid account, Guid user, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql, account, user);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var status = ProjectionStatusNames.UserStatus(reader.GetString(0));
        var scimId = reader.GetGuid(1);
        var directory = reader.IsDBNull(2) ? null : new NamedDirectory(reader.GetGuid(2), reader.TextOrNull(3), reader.IsDBNull(4) ? null : reader.GetBoolean(4));
        var policies = new List<EvaluatedPolicy>();
        var more = !reader.IsDBNull(5);
        while (more)
        {
            var policy = (Id: reader.GetGuid(5), Name: reader.GetString(6), Kind: PolicyEnumNames.Kind(reader.GetString(7)), Action: PolicyEnumNames.Action(reader.GetString(8)), Order: reader.GetInt32(9));
            var (enabled, everyone) = (reader.GetBoolean(10), reader.GetBoolean(11));
            var (sources, exclusions, groups) = (new List<PolicyTerm>(), new List<PolicyTerm>(), new List<NamedGroup>());
            do
            {
                if (reader.IsDBNull(12)) continue;
                var (subject, id) = (PolicyEnumNames.Subject(reader.GetString(13)), reader.GetGuid(14));
                (reader.GetBoolean(12) ? exclusions : sources).Add(new PolicyTerm(subject, id, subject == Subject.User ? scimId : null));
                if (subject == Subject.Group) groups.Add(new NamedGroup(id, reader.GetString(15), ProjectionStatusNames.GroupStatus(reader.GetString(16))));
            }
            while ((more = await reader.ReadAsync(cancellationToken)) && reader.GetGuid(5) == policy.Id);
            var verdict = PolicyRule.Decide(new PolicyTerms(enabled, everyone, sources, exclusions), new PolicyUser(user, scimId, status, directory, groups));
            policies.Add(new EvaluatedPolicy(policy.Id, policy.Name, policy.Kind, policy.Action, policy.Order, verdict));
        }
        return new EvaluatedUser(status, policies);
    }
}
