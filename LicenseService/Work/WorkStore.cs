using LicenseService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Work;

/// <summary>A re-evaluation of many users, done in batches.</summary>
/// <param name="Cause"><c>ruleMade</c>, <c>ruleMoved</c>, <c>ruleDeleted</c>, <c>groupChanged</c> or <c>rebuilt</c>.</param>
/// <param name="Total">Number of users to evaluate, counted when it began; null before that.</param>
/// <param name="Freed">Number of seats that it freed.</param>
/// <param name="Queued">Number of users that it added to the waiting list. Most get a seat at once.</param>
internal sealed record WorkItem(
    Guid Id, string Cause, DateTimeOffset CreatedAt, long? Total, long Done, long Freed, long Queued, DateTimeOffset? FinishedAt);

/// <summary>Enqueues re-evaluations and reads their progress.</summary>
internal sealed class WorkStore([FromKeyedServices(Database.Background)] NpgsqlDataSource database)
{
    private const string Columns = "work_id, cause, created_at, total, done, freed, queued, finished_at";

    /// <summary>
    /// Enqueues the users whom a rule names: the members of its group, or all users. They are read from the projections and not
    /// from the waiting list, because a concurrent evaluation may not have added its users to the list yet.
    /// </summary>
    internal static NpgsqlBatchCommand EnqueueUsersOfRule(Guid account, Guid rule, Guid work, string cause, DateTimeOffset now) => SqlStatement.Of(
        """
        INSERT INTO work (account_id, work_id, cause, scope, target, created_at, advanced_at)
        SELECT r.account_id, $3, $4, CASE WHEN r.group_id IS NULL THEN 'users' ELSE 'group' END, g.scim_id, $5, $5
        FROM rules r LEFT JOIN groups g ON g.account_id = r.account_id AND g.group_id = r.group_id
        WHERE r.account_id = $1 AND r.rule_id = $2 AND (r.group_id IS NULL OR g.scim_id IS NOT NULL)
        """,
        account, rule, work, cause, now);

    /// <summary>Enqueues all users of the projections and all users with a grant or a place on a waiting list.</summary>
    internal static IEnumerable<NpgsqlBatchCommand> EnqueueAllUsers(Guid account, DateTimeOffset now)
    {
        yield return SqlStatement.Of(
            """
            INSERT INTO work (account_id, work_id, cause, scope, target, created_at, advanced_at)
            SELECT $1, gen_random_uuid(), 'rebuilt', 'pool', pool_id, $2, $2 FROM pools WHERE account_id = $1
            """,
            account, now);
        yield return SqlStatement.Of(
            """
            INSERT INTO work (account_id, work_id, cause, scope, created_at, advanced_at)
            SELECT $1, gen_random_uuid(), 'rebuilt', 'users', $2, $2 WHERE EXISTS (SELECT FROM rules WHERE account_id = $1)
            """,
            account, now);
    }

    /// <summary>Unfinished re-evaluations first, then the newest finished ones.</summary>
    internal Task<List<WorkItem>> ListAsync(Guid account, int limit, CancellationToken cancellationToken) => QueryAsync(
        $"SELECT {Columns} FROM work WHERE account_id = $1 ORDER BY finished_at IS NULL DESC, created_at DESC, work_id LIMIT $2",
        cancellationToken, account, limit);

    internal async Task<WorkItem?> FindAsync(Guid account, Guid work, CancellationToken cancellationToken) =>
        (await QueryAsync($"SELECT {Columns} FROM work WHERE account_id = $1 AND work_id = $2", cancellationToken, account, work)).SingleOrDefault();

    private async Task<List<WorkItem>> QueryAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<WorkItem>();
        while (await reader.ReadAsync(cancellationToken))
            items.Add(new WorkItem(
                reader.GetGuid(0), reader.GetString(1), reader.Time(2), reader.IsDBNull(3) ? null : reader.GetInt64(3), reader.GetInt64(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.IsDBNull(7) ? null : reader.Time(7)));
        return items;
    }
}
