using Contracts.Events.V1;
using LicenseService.Storage;
using LicenseService.Work;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.Rules;

/// <summary>A rule with the name and status of its group, if the group is known.</summary>
internal sealed record RuleState(Rule Rule, string? GroupName, GroupStatus? GroupStatus, DateTimeOffset CreatedAt, Actor CreatedBy, long Waiting);

internal abstract record RuleOutcome
{
    private RuleOutcome() { }

    /// <param name="Work">Id of the re-evaluation that was started.</param>
    internal sealed record Done(Guid Rule, Guid Work) : RuleOutcome;

    internal sealed record Exists : RuleOutcome;

    internal sealed record UnknownGroup : RuleOutcome;

    internal sealed record NoSuchPool : RuleOutcome;

    internal sealed record NoSuchRule : RuleOutcome;
}

/// <summary>
/// Reads and changes rules of one account. Each change enqueues a re-evaluation of the users it may concern, in the same
/// transaction.
/// </summary>
internal sealed class RuleStore(NpgsqlDataSource database, TimeProvider clock)
{
    internal const int MaxOrder = 1_000_000;

    private const string Select =
        """
        SELECT r.rule_id, r.pool_id, r.kind, r.group_id, r.position, g.display_name, g.status, r.created_at,
            (SELECT count(*) FROM waiting w WHERE w.account_id = r.account_id AND w.pool_id = r.pool_id AND w.rule_id = r.rule_id),
            r.created_by_kind, r.created_by_id, r.created_by_name
        FROM rules r LEFT JOIN groups g ON g.account_id = r.account_id AND g.group_id = r.group_id
        WHERE r.account_id = $1 AND r.pool_id = $2
        """;

    /// <summary>In rule order.</summary>
    internal Task<List<RuleState>> ListAsync(Guid account, Guid pool, CancellationToken cancellationToken) =>
        QueryAsync(Select + " ORDER BY r.position, r.rule_id", cancellationToken, account, pool);

    internal async Task<RuleState?> FindAsync(Guid account, Guid pool, Guid rule, CancellationToken cancellationToken) =>
        (await QueryAsync(Select + " AND r.rule_id = $3", cancellationToken, account, pool, rule)).SingleOrDefault();

    /// <param name="order">Null places the rule last.</param>
    internal async Task<RuleOutcome> CreateAsync(
        Guid account, Guid pool, RuleKind kind, Guid? group, int? order, Actor by, CancellationToken cancellationToken)
    {
        var (rule, work, now) = (Guid.NewGuid(), Guid.NewGuid(), clock.GetUtcNow());
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(RuleChangeLock.AcquireExclusive(account));
        batch.BatchCommands.Add(SqlStatement.Of(
            $"""
            WITH made AS (
                INSERT INTO rules (account_id, rule_id, pool_id, kind, group_id, position, created_at, created_by_kind, created_by_id, created_by_name)
                SELECT p.account_id, $3, p.pool_id, $4, $5,
                    coalesce($6, (SELECT least(coalesce(max(position) + 1, 0), {MaxOrder}) FROM rules WHERE account_id = $1 AND pool_id = $2)), $7, $8, $9, $10
                FROM pools p
                WHERE p.account_id = $1 AND p.pool_id = $2
                  AND ($5::uuid IS NULL OR EXISTS (SELECT FROM groups g WHERE g.account_id = $1 AND g.group_id = $5))
                ON CONFLICT ON CONSTRAINT one_rule_of_a_kind DO NOTHING
                RETURNING 1)
            SELECT EXISTS (SELECT FROM made), EXISTS (SELECT FROM pools WHERE account_id = $1 AND pool_id = $2),
                $5::uuid IS NULL OR EXISTS (SELECT FROM groups WHERE account_id = $1 AND group_id = $5)
            """,
            account, pool, rule, kind.Word(), group, order, now, by.Kind, by.Id, by.Name));
        batch.BatchCommands.Add(WorkStore.EnqueueUsersOfRule(account, rule, work, "ruleMade", now));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (Made: reader.GetBoolean(0), Pool: reader.GetBoolean(1), Group: reader.GetBoolean(2)) switch
        {
            { Made: true } => new RuleOutcome.Done(rule, work),
            { Pool: false } => new RuleOutcome.NoSuchPool(),
            { Group: false } => new RuleOutcome.UnknownGroup(),
            _ => new RuleOutcome.Exists(),
        };
    }

    /// <summary>Moves the rule. Waiting users get a new place; users with a seat keep it.</summary>
    internal async Task<RuleOutcome> MoveAsync(Guid account, Guid pool, Guid rule, int order, CancellationToken cancellationToken)
    {
        var (work, now) = (Guid.NewGuid(), clock.GetUtcNow());
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(RuleChangeLock.AcquireExclusive(account));
        batch.BatchCommands.Add(SqlStatement.Of(
            "UPDATE rules SET position = $4 WHERE account_id = $1 AND pool_id = $2 AND rule_id = $3 RETURNING 1", account, pool, rule, order));
        batch.BatchCommands.Add(WorkStore.EnqueueUsersOfRule(account, rule, work, "ruleMoved", now));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new RuleOutcome.Done(rule, work) : new RuleOutcome.NoSuchRule();
    }

    /// <summary>Deletes the rule. The re-evaluation frees the seats that only this rule gave.</summary>
    internal async Task<RuleOutcome> DeleteAsync(Guid account, Guid pool, Guid rule, CancellationToken cancellationToken)
    {
        var (work, now) = (Guid.NewGuid(), clock.GetUtcNow());
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(RuleChangeLock.AcquireExclusive(account));
        batch.BatchCommands.Add(WorkStore.EnqueueUsersOfRule(account, rule, work, "ruleDeleted", now));
        batch.BatchCommands.Add(SqlStatement.Of(
            "DELETE FROM rules WHERE account_id = $1 AND pool_id = $2 AND rule_id = $3 RETURNING 1", account, pool, rule));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new RuleOutcome.Done(rule, work) : new RuleOutcome.NoSuchRule();
    }

    private async Task<List<RuleState>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rules = new List<RuleState>();
        while (await reader.ReadAsync(cancellationToken))
            rules.Add(new RuleState(
                new Rule(reader.GetGuid(0), reader.GetGuid(1), EnumNames.RuleKind(reader.GetString(2)), reader.Id(3), reader.GetInt32(4)),
                reader.Text(5), reader.Text(6) is { } status ? ProjectionStatusNames.GroupStatus(status) : null, reader.Time(7), reader.Actor(9), reader.GetInt64(8)));
        return rules;
    }
}
