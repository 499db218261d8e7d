using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>
/// Writes down under which policies the users of a batch of facts came and which they left: those that applied with the
/// user and the edges as they were before, compared with those that apply now. Groups and policies count as they are now
/// on both sides: what touches a whole group is not told of each of its users.
/// </summary>
internal sealed class MembershipReaction(TimeProvider clock) : IFactReaction
{
    /// <summary>Everything in CTEs that join as sets: a part of a large group brings 1,000 edges, of as many users.</summary>
    private const string WriteDown =
        """
        WITH moved_users AS (SELECT * FROM unnest($1, $2, $3, $4, $5, $6) AS m (account_id, user_id, before, after, blinked, event_id)),
        moved_edges AS (SELECT * FROM unnest($7, $8, $9, $10, $11, $12, $13) AS m (account_id, user_id, user_scim_id, group_id, group_scim_id, present, event_id)),
        affected AS (
            SELECT account_id, user_id, before, after, blinked, event_id, 'user' AS reason FROM moved_users
            UNION ALL
            SELECT DISTINCT ON (e.account_id, e.user_id) e.account_id, e.user_id, u.scim_id, u.scim_id, false, e.event_id, 'group'
            FROM moved_edges e
            JOIN users u ON u.account_id = e.account_id AND u.user_id = e.user_id AND u.scim_id = e.user_scim_id AND u.status = 'active'
            LEFT JOIN moved_users m ON m.account_id = e.account_id AND m.user_id = e.user_id
            WHERE m.user_id IS NULL),
        edges_before AS (
            SELECT a.account_id, a.user_id, e.group_id, e.group_scim_id
            FROM affected a
            JOIN edges e ON e.account_id = a.account_id AND e.user_scim_id = a.before AND e.present
            LEFT JOIN moved_edges m ON m.account_id = e.account_id AND m.group_scim_id = e.group_scim_id AND m.user_scim_id = e.user_scim_id
            WHERE m.user_id IS NULL
            UNION ALL
            SELECT a.account_id, a.user_id, m.group_id, m.group_scim_id
            FROM affected a JOIN moved_edges m ON m.account_id = a.account_id AND m.user_scim_id = a.before AND NOT m.present),
        edges_after AS (
            SELECT a.account_id, a.user_id, e.group_id, e.group_scim_id
            FROM affected a JOIN edges e ON e.account_id = a.account_id AND e.user_scim_id = a.after AND e.present),
        applied_before AS (
            SELECT DISTINCT e.account_id, e.user_id, n.policy_id FROM edges_before e
            JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status = 'live'
            JOIN policy_groups n ON n.account_id = g.account_id AND n.group_id = g.group_id),
        applied_after AS (
            SELECT DISTINCT e.account_id, e.user_id, n.policy_id FROM edges_after e
            JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status = 'live'
            JOIN policy_groups n ON n.account_id = g.account_id AND n.group_id = g.group_id),
        moved AS (
            SELECT account_id, user_id, policy_id, b.user_id IS NOT NULL AS was, a.user_id IS NOT NULL AS is
            FROM applied_before b FULL JOIN applied_after a USING (account_id, user_id, policy_id))
        INSERT INTO membership_history (account_id, user_id, policy_id, policy_name, kind, reason, event_id, at)
        SELECT moved.account_id, moved.user_id, p.policy_id, p.name, step.kind, a.reason, a.event_id, $14
        FROM moved
        JOIN affected a ON a.account_id = moved.account_id AND a.user_id = moved.user_id
        JOIN policies p ON p.account_id = moved.account_id AND p.policy_id = moved.policy_id AND p.enabled
        JOIN (VALUES (1, 'left'), (2, 'joined')) AS step (place, kind)
          ON CASE step.kind WHEN 'left' THEN moved.was AND (NOT moved.is OR a.blinked) ELSE moved.is AND (NOT moved.was OR a.blinked) END
        ORDER BY step.place
        """;

    public async Task ReactAsync(NpgsqlTransaction transaction, AppliedFacts applied, CancellationToken cancellationToken)
    {
        var users = applied.Users.Select(UserSteps.Of).Where(step => step.Counts).ToList();
        var edges = applied.Edges.ToList();
        if (users is [] && edges is []) return;
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        batch.BatchCommands.Add(Statement.Of(
            WriteDown,
            users.ConvertAll(step => step.Move.After.AccountId), users.ConvertAll(step => step.Move.After.UserId),
            users.ConvertAll(step => step.Before), users.ConvertAll(step => step.After), users.ConvertAll(step => step.Blinked),
            users.ConvertAll(step => step.Move.EventId),
            edges.ConvertAll(edge => edge.AccountId), edges.ConvertAll(edge => edge.UserId), edges.ConvertAll(edge => edge.UserScimId),
            edges.ConvertAll(edge => edge.GroupId), edges.ConvertAll(edge => edge.GroupScimId), edges.ConvertAll(edge => edge.Present),
            edges.ConvertAll(edge => edge.EventId), clock.GetUtcNow()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public void Committed(AppliedFacts applied) { }

    /// <summary>Members are computed when they are asked for; nothing is kept that could be wrong.</summary>
    public Task ReconcileAsync(NpgsqlTransaction transaction, Guid accountId, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <param name="Before">The incarnation that was active; null when none was.</param>
    /// <param name="Blinked">Active before and after, but not in between.</param>
    private sealed record UserSteps(UserMove Move, Guid? Before, Guid? After, bool Blinked)
    {
        internal bool Counts => Blinked || Before != After;

        internal static UserSteps Of(UserMove move)
        {
            var (before, after) = (Active(move.Before), Active(move.After));
            return new UserSteps(move, before, after, before == after && after is not null && move.Before!.Deactivations < move.After.Deactivations);
        }

        private static Guid? Active(UserRow? user) => user is { Status: UserStatus.Active } ? user.ScimId : null;
    }
}
