using Npgsql;
using PolicyService.Policies;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>Policies of one account at a time.</summary>
internal sealed class PolicyStore(NpgsqlDataSource database, TimeProvider clock)
{
    private const string NameConstraint = "name_is_taken";
    private const string Select =
        """
        SELECT p.policy_id, p.name, p.enabled, p.position, n.group_id, g.display_name, g.status
        FROM policies p
        LEFT JOIN policy_groups n ON n.account_id = p.account_id AND n.policy_id = p.policy_id
        LEFT JOIN groups g ON g.account_id = n.account_id AND g.group_id = n.group_id
        """;

    /// <summary>In the order in which they apply.</summary>
    internal Task<List<Policy>> ListAsync(Guid account, CancellationToken cancellationToken) => QueryAsync(
        Select + """ WHERE p.account_id = $1 ORDER BY p.position, p.name_key, g.display_name COLLATE "C", n.group_id""",
        cancellationToken, account);

    internal async Task<Policy?> FindAsync(Guid account, Guid policy, CancellationToken cancellationToken) =>
        (await QueryAsync(
            Select + """ WHERE p.account_id = $1 AND p.policy_id = $2 ORDER BY g.display_name COLLATE "C", n.group_id""",
            cancellationToken, account, policy)).SingleOrDefault();

    /// <summary>Those of <paramref name="groups"/> that the account does not have, as far as facts have come.</summary>
    internal async Task<IReadOnlyList<Guid>> UnknownGroupsAsync(Guid account, Guid[] groups, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT id FROM unnest($2) AS id WHERE NOT EXISTS (SELECT FROM groups WHERE account_id = $1 AND group_id = id)", account, groups);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var unknown = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) unknown.Add(reader.GetGuid(0));
        return unknown;
    }

    /// <summary>Null: the account has a policy of this name.</summary>
    internal async Task<Guid?> CreateAsync(Guid account, PolicyDraft draft, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            WITH made AS (
                INSERT INTO policies (account_id, policy_id, name, name_key, enabled, position, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5,
                    coalesce($6, (SELECT least(coalesce(max(position) + 1, 0), {PolicyDraft.MaxOrder}) FROM policies WHERE account_id = $1)), $7, $7)
                ON CONFLICT ON CONSTRAINT {NameConstraint} DO NOTHING
                RETURNING account_id, policy_id),
            named AS (
                INSERT INTO policy_groups (account_id, policy_id, group_id)
                SELECT account_id, policy_id, id FROM made CROSS JOIN unnest($8) AS id)
            SELECT policy_id FROM made
            """,
            account, Guid.NewGuid(), draft.Name, draft.NameKey, draft.Enabled ?? true, draft.Order, clock.GetUtcNow(), draft.GroupIds);
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Makes the policy as the draft says, in one transaction.</summary>
    internal async Task<UpdateOutcome> UpdateAsync(Guid account, Guid policy, PolicyDraft draft, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statement.Of(
            """
            UPDATE policies SET name = $3, name_key = $4, enabled = coalesce($5, enabled), position = coalesce($6, position), updated_at = $7
            WHERE account_id = $1 AND policy_id = $2 RETURNING policy_id
            """,
            account, policy, draft.Name, draft.NameKey, draft.Enabled, draft.Order, clock.GetUtcNow()));
        batch.BatchCommands.Add(Statement.Of(
            "DELETE FROM policy_groups WHERE account_id = $1 AND policy_id = $2 AND group_id <> ALL ($3)", account, policy, draft.GroupIds));
        batch.BatchCommands.Add(Statement.Of(
            """
            INSERT INTO policy_groups (account_id, policy_id, group_id)
            SELECT p.account_id, p.policy_id, id FROM policies p CROSS JOIN unnest($3) AS id
            WHERE p.account_id = $1 AND p.policy_id = $2
            ON CONFLICT DO NOTHING
            """,
            account, policy, draft.GroupIds));
        try
        {
            return await batch.ExecuteScalarAsync(cancellationToken) is null ? UpdateOutcome.NoSuchPolicy : UpdateOutcome.Updated;
        }
        catch (PostgresException error) when (error.ConstraintName == NameConstraint)
        {
            return UpdateOutcome.NameTaken;
        }
    }

    /// <summary>False: there is no such policy.</summary>
    internal async Task<bool> DeleteAsync(Guid account, Guid policy, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM policies WHERE account_id = $1 AND policy_id = $2", account, policy);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>One row for each group of a policy (or one without), the rows of a policy together.</summary>
    private async Task<List<Policy>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var policies = new List<Policy>();
        var groups = new List<NamedGroup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            if (policies is [] || policies[^1].Id != id)
                policies.Add(new Policy(id, reader.GetString(1), reader.GetBoolean(2), reader.GetInt32(3), groups = []));
            if (!reader.IsDBNull(4))
                groups.Add(reader.IsDBNull(5)
                    ? new NamedGroup(reader.GetGuid(4), null, null)
                    : new NamedGroup(reader.GetGuid(4), reader.GetString(5), Words.GroupStatus(reader.GetString(6))));
        }
        return policies;
    }
}

internal enum UpdateOutcome
{
    Updated,
    NoSuchPolicy,
    NameTaken,
}
