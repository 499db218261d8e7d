using Npgsql;
using PolicyService.Storage;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService.Policies;

/// <summary>Reads policies; each call is for one account. <see cref="PolicyWriter"/> changes them.</summary>
internal sealed class PolicyStore(NpgsqlDataSource database)
{
    /// <summary>A named user whose incarnation has ended is left out, because the reference has ended too (migration 0005).</summary>
    private const string Select =
        """
        SELECT p.policy_id, p.name, p.kind, p.action, p.enabled, p.position, p.everyone, t.excluded, t.subject, t.subject_id,
               u.user_name, u.status, g.display_name, g.status, d.name, d.deleted
        FROM policies p
        LEFT JOIN policy_terms t ON t.account_id = p.account_id AND t.policy_id = p.policy_id
        LEFT JOIN users u ON t.subject = 'user' AND u.account_id = t.account_id AND u.user_id = t.subject_id
            AND u.scim_id = t.user_scim_id AND u.status <> 'removed'
        LEFT JOIN groups g ON t.subject = 'group' AND g.account_id = t.account_id AND g.group_id = t.subject_id
        LEFT JOIN directories d ON t.subject = 'directory' AND d.account_id = t.account_id AND d.directory_id = t.subject_id
        """;
    private const string ByName = """coalesce(u.user_name, g.display_name, d.name) COLLATE "C", t.subject_id""";

    /// <summary>In the order in which they apply.</summary>
    internal Task<List<Policy>> ListAsync(Guid account, CancellationToken cancellationToken) =>
        QueryAsync($"{Select} WHERE p.account_id = $1 ORDER BY p.position, p.name_key, {ByName}", cancellationToken, account);

    internal async Task<Policy?> FindAsync(Guid account, Guid policy, CancellationToken cancellationToken) =>
        (await QueryAsync($"{Select} WHERE p.account_id = $1 AND p.policy_id = $2 ORDER BY {ByName}", cancellationToken, account, policy)).SingleOrDefault();

    /// <summary>Returns the <paramref name="ids"/> that are not in the account's projections. Removed users count as unknown.</summary>
    internal async Task<IReadOnlyList<Guid>> ListUnknownIdsAsync(Guid account, Subject subject, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var known = subject switch
        {
            Subject.User => "SELECT FROM users WHERE account_id = $1 AND user_id = id AND status <> 'removed'",
            Subject.Group => "SELECT FROM groups WHERE account_id = $1 AND group_id = id",
            Subject.Directory => "SELECT FROM directories WHERE account_id = $1 AND directory_id = id",
        };
        await using var command = database.CreateCommand($"SELECT id FROM unnest($2) AS id WHERE NOT EXISTS ({known})", account, ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var unknown = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) unknown.Add(reader.GetGuid(0));
        return unknown;
    }

    /// <summary>
    /// Reads policies from rows of one term each (one row without a term for a policy that has none); the rows of a policy are
    /// adjacent.
    /// </summary>
    private async Task<List<Policy>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var policies = new List<Policy>();
        var (sources, exclusions) = (new PolicyRowAssembler(), new PolicyRowAssembler());
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            if (policies is [] || policies[^1].Id != id)
            {
                (sources, exclusions) = (new PolicyRowAssembler(), new PolicyRowAssembler());
                policies.Add(new Policy(
                    id, reader.GetString(1), PolicyEnumNames.Kind(reader.GetString(2)), PolicyEnumNames.Action(reader.GetString(3)), reader.GetBoolean(4),
                    reader.GetInt32(5), reader.GetBoolean(6), sources.Subjects, exclusions.Subjects));
            }
            if (!reader.IsDBNull(7)) (reader.GetBoolean(7) ? exclusions : sources).Add(reader);
        }
        return policies;
    }

    private sealed class PolicyRowAssembler
    {
        private readonly List<NamedUser> users = [];
        private readonly List<NamedGroup> groups = [];
        private readonly List<NamedDirectory> directories = [];

        internal Subjects Subjects => new(users, groups, directories);

        internal void Add(NpgsqlDataReader reader)
        {
            var id = reader.GetGuid(9);
            switch (PolicyEnumNames.Subject(reader.GetString(8)))
            {
                case Subject.User:
                    if (!reader.IsDBNull(10)) users.Add(new NamedUser(id, reader.GetString(10), ProjectionStatusNames.UserStatus(reader.GetString(11))));
                    break;
                case Subject.Group:
                    groups.Add(reader.IsDBNull(12) ? new NamedGroup(id, null, null) : new NamedGroup(id, reader.GetString(12), ProjectionStatusNames.GroupStatus(reader.GetString(13))));
                    break;
                case Subject.Directory:
                    directories.Add(reader.IsDBNull(14) ? new NamedDirectory(id, null, null) : new NamedDirectory(id, reader.GetString(14), reader.GetBoolean(15)));
                    break;
            }
        }
    }
}
