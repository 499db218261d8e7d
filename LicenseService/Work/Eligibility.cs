using LicenseService.Rules;
using LicenseService.Waiting;
using Npgsql;
using ServiceDefaults.Storage;

namespace LicenseService.Work;

/// <summary>The users to evaluate, and since when each has a reason to be evaluated.</summary>
internal sealed record EligibilitySubjects(IReadOnlyList<Guid> Accounts, IReadOnlyList<Guid> Users, IReadOnlyList<DateTimeOffset> Since)
{
    internal static EligibilitySubjects Of(Guid account, IReadOnlyCollection<Guid> users, DateTimeOffset since) =>
        new([.. users.Select(_ => account)], [.. users], [.. users.Select(_ => since)]);
}

internal sealed record EligibilityResult(long Freed, long Queued);

/// <summary>
/// <see cref="LicenseService.Work.SeatRules.Decide"/> in SQL, for many users at once: frees seats, adds users to the waiting list and removes
/// them from it. It gives no seats; <see cref="SeatAllocation"/> does.
/// <code>
/// 1. lock the users' rows, in order          facts about them, assignments and other evaluations wait
/// 2. evaluate the stored state in one statement that begins after that
/// </code>
/// Because of step 1 the last evaluation of a user saw everything that was committed before it began. Every change of its
/// inputs (edges, groups, rules) requests a new evaluation in its own transaction. So the result is right in the end, in any
/// order.
/// </summary>
internal static class Eligibility
{
    private const string Lock =
        """
        SELECT u.user_id FROM (SELECT DISTINCT account_id, user_id FROM unnest($1, $2) AS s (account_id, user_id) ORDER BY account_id, user_id) s
        CROSS JOIN LATERAL (
            SELECT user_id FROM users WHERE account_id = s.account_id AND user_id = s.user_id LIMIT 1 FOR NO KEY UPDATE) u
        """;

    private const string Judge =
        $"""
        WITH subject AS MATERIALIZED (
            SELECT account_id, user_id, min(since) AS since FROM unnest($1, $2, $3) AS s (account_id, user_id, since) GROUP BY account_id, user_id),
        seen AS (
            SELECT s.account_id, s.user_id, s.since, p.pool_id, p.product, u.deactivations, u.has_email, f.rule_id, g.user_id IS NOT NULL AS held,
                CASE WHEN g.user_id IS NULL THEN NULL
                     WHEN u.user_id IS NULL OR u.status <> 'active' THEN 'notActive'
                     WHEN u.deactivations > g.deactivations THEN 'wasNotActive'
                     WHEN NOT u.has_email THEN 'noEmail'
                     WHEN g.manual_at IS NULL AND f.rule_id IS NULL THEN 'noRule' END AS frees
            FROM subject s
            JOIN pools p ON p.account_id = s.account_id
            -- LIMIT 1 here and above forces an index look-up per user, also when the statistics of a growing table are out of date.
            LEFT JOIN LATERAL (
                SELECT * FROM users WHERE account_id = s.account_id AND user_id = s.user_id LIMIT 1) u ON true
            LEFT JOIN LATERAL (
                SELECT * FROM grants WHERE account_id = s.account_id AND pool_id = p.pool_id AND user_id = s.user_id LIMIT 1) g ON true
            LEFT JOIN LATERAL (
                SELECT r.rule_id FROM {EntitlementSql.Rules} r WHERE r.pool_id = p.pool_id AND u.status = 'active'
                ORDER BY r.position, r.rule_id LIMIT 1) f ON true),
        judged AS MATERIALIZED (
            SELECT *, coalesce(rule_id IS NOT NULL AND has_email AND (NOT held OR frees IS NOT NULL), false) AS waits FROM seen),
        freed AS (
            DELETE FROM grants g USING judged j
            WHERE g.account_id = j.account_id AND g.pool_id = j.pool_id AND g.user_id = j.user_id AND j.frees IS NOT NULL
            RETURNING g.account_id, g.pool_id, g.product, g.user_id, j.frees),
        written AS (
            INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, at)
            SELECT account_id, pool_id, product, user_id, 'freed', frees, 'system', 'license-rules', $4 FROM freed),
        queued AS (
            INSERT INTO waiting AS w (account_id, pool_id, user_id, rule_id, deactivations, since, own)
            SELECT j.account_id, j.pool_id, j.user_id, j.rule_id, j.deactivations, j.since,
                EXISTS (SELECT FROM held_seats h WHERE h.account_id = j.account_id AND h.pool_id = j.pool_id AND h.user_id = j.user_id)
            FROM judged j WHERE j.waits
            ON CONFLICT (account_id, pool_id, user_id) DO UPDATE SET
                rule_id = excluded.rule_id, deactivations = excluded.deactivations, own = excluded.own,
                since = CASE WHEN w.deactivations = excluded.deactivations THEN w.since ELSE excluded.since END
            WHERE (w.rule_id, w.deactivations, w.own) <> (excluded.rule_id, excluded.deactivations, excluded.own)
            RETURNING 1),
        gone AS (
            DELETE FROM waiting w USING judged j
            WHERE w.account_id = j.account_id AND w.pool_id = j.pool_id AND w.user_id = j.user_id AND NOT j.waits),
        refused AS (
            INSERT INTO refusals AS r (account_id, pool_id, user_id, reason, hour, last_at, rule_id, actor_kind, actor_id)
            SELECT account_id, pool_id, user_id, 'noEmail', date_trunc('hour', $4::timestamptz, 'UTC'), $4, rule_id, 'system', 'license-rules'
            FROM judged WHERE rule_id IS NOT NULL AND NOT has_email
            ORDER BY account_id, user_id, pool_id
            ON CONFLICT (account_id, user_id, pool_id, reason, hour) DO UPDATE SET times = r.times + 1, last_at = excluded.last_at, rule_id = excluded.rule_id)
        SELECT (SELECT count(*) FROM freed), (SELECT count(*) FROM queued)
        """;

    internal static async Task<EligibilityResult> EvaluateAsync(NpgsqlTransaction transaction, EligibilitySubjects subjects, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(SqlStatement.Of(Lock, subjects.Accounts, subjects.Users));
        batch.BatchCommands.Add(SqlStatement.Of(Judge, subjects.Accounts, subjects.Users, subjects.Since, now));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new EligibilityResult(reader.GetInt64(0), reader.GetInt64(1));
    }
}
