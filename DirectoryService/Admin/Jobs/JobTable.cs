using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Admin.Jobs;

/// <summary>The tables jobs and job_items: bulk actions and their items.</summary>
internal sealed class JobTable(NpgsqlDataSource db, TimeProvider clock)
{
    /// <summary>How long a claim is valid: much longer than a chunk takes.</summary>
    private static readonly TimeSpan ClaimedFor = TimeSpan.FromMinutes(1);

    /// <param name="Done">Items that have an outcome.</param>
    /// <param name="Refused">Those of them that were refused, or are unknown.</param>
    internal sealed record Job(Guid Id, string Target, string Action, int Total, long Done, long Refused, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

    /// <param name="Outcome"><c>changed</c>, <c>unchanged</c>, <c>refused</c>, <c>unknown</c>; null: not done yet.</param>
    internal sealed record Item(int N, Guid Id, string? Outcome, string? Detail);

    internal sealed record ClaimedItem(Guid JobId, int N, Guid TargetId, Guid AccountId, string Target, string Action, Actor Actor);

    internal async Task<Job> CreateAsync(Guid accountId, string target, string action, Guid[] ids, Actor actor, CancellationToken cancellationToken)
    {
        var job = new Job(Guid.NewGuid(), target, action, ids.Length, 0, 0, Clock.Now(clock), null);
        await using var command = db.CreateCommand("""
            WITH job AS (
              INSERT INTO jobs (id, account_id, target, action, actor, total, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id)
            INSERT INTO job_items (job_id, n, target_id, account_id)
            SELECT job.id, asked.n, asked.id, $2 FROM job, unnest($8::uuid[]) WITH ORDINALITY AS asked (id, n)
            """);
        command.Parameters.With(job.Id).With(accountId).With(target).With(action)
            .WithJson(JsonSerializer.Serialize(actor, ContractsJsonContext.Default.Actor)).With(job.Total).With(job.CreatedAt).With(ids);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return job;
    }

    internal async Task<Job?> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT j.id, j.target, j.action, j.total, count(i.outcome), count(*) FILTER (WHERE i.outcome IN ('refused', 'unknown')), j.created_at, j.finished_at
            FROM jobs j JOIN job_items i ON i.job_id = j.id WHERE j.account_id = $1 AND j.id = $2 GROUP BY j.id
            """);
        command.Parameters.With(accountId).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Job(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetInt64(4), reader.GetInt64(5),
                reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7))
            : null;
    }

    internal async Task<IReadOnlyList<Item>> ItemsAsync(Guid jobId, string? outcome, int after, int limit, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            "SELECT n, target_id, outcome, detail FROM job_items WHERE job_id = $1 AND n > $2 AND ($3 IS NULL OR outcome = $3) ORDER BY n LIMIT $4");
        command.Parameters.With(jobId).With(after).WithText(outcome).With(limit);
        var items = new List<Item>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            items.Add(new Item(reader.GetInt32(0), reader.GetGuid(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return items;
    }

    /// <summary>
    /// Claims up to <paramref name="count"/> items of the oldest open job for <see cref="ClaimedFor"/>; other replicas skip
    /// them until then. Returns an empty list when there is no work.
    /// </summary>
    internal async Task<IReadOnlyList<ClaimedItem>> ClaimAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            WITH free AS (
              SELECT i.job_id, i.n, j.target, j.action, j.actor FROM jobs j JOIN job_items i ON i.job_id = j.id
              WHERE j.finished_at IS NULL AND i.outcome IS NULL AND (i.claimed_until IS NULL OR i.claimed_until <= $2)
              ORDER BY j.created_at, i.n LIMIT $1 FOR UPDATE OF i SKIP LOCKED)
            UPDATE job_items i SET claimed_until = $3 FROM free WHERE i.job_id = free.job_id AND i.n = free.n
            RETURNING i.job_id, i.n, i.target_id, i.account_id, free.target, free.action, free.actor
            """);
        var now = Clock.Now(clock);
        command.Parameters.With(count).With(now).With(now + ClaimedFor);
        var work = new List<ClaimedItem>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            work.Add(new ClaimedItem(reader.GetGuid(0), reader.GetInt32(1), reader.GetGuid(2), reader.GetGuid(3), reader.GetString(4), reader.GetString(5),
                JsonSerializer.Deserialize(reader.GetString(6), ContractsJsonContext.Default.Actor)!));
        return work;
    }

    /// <summary>
    /// Stores the outcomes of claimed items. If two replicas processed an item, because the first was slow, the first outcome
    /// stays.
    /// </summary>
    internal async Task StoreOutcomeAsync(IReadOnlyList<(ClaimedItem Item, string Outcome, string? Detail)> done, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            UPDATE job_items i SET outcome = d.outcome, detail = d.detail
            FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) AS d (job_id, n, outcome, detail)
            WHERE i.job_id = d.job_id AND i.n = d.n AND i.outcome IS NULL
            """);
        command.Parameters.With(done.Select(one => one.Item.JobId).ToArray()).With(done.Select(one => one.Item.N).ToArray())
            .With(done.Select(one => one.Outcome).ToArray()).With(done.Select(one => one.Detail).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Marks jobs without open items as finished. It is a separate statement after the commit, because two replicas that store
    /// the last outcomes concurrently do not see each other's.
    /// </summary>
    internal async Task FinishAsync(CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            UPDATE jobs j SET finished_at = $1 WHERE j.finished_at IS NULL
              AND NOT EXISTS (SELECT FROM job_items i WHERE i.job_id = j.id AND i.outcome IS NULL)
            """);
        command.Parameters.With(Clock.Now(clock));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
