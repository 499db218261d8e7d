using Contracts.Events.V1;
using LicenseService.Rules;
using Npgsql;
using ServiceDefaults.Projections;
using ServiceDefaults.Storage;

namespace LicenseService.FactReactions;

/// <summary>
/// Enqueues evaluations for a batch of facts: single users in pending_users, a whole group as one row of work. Nothing is
/// enqueued in an account without rules; <see cref="RuleChangeLock"/> makes that check safe.
/// </summary>
internal static class ReevaluationRequests
{
    /// <summary>Enqueues users for whom other rules may match now.</summary>
    internal static NpgsqlBatchCommand? EnqueueUsers(IReadOnlyList<UserStateChange> moves, DateTimeOffset now)
    {
        var matters = moves.Where(move => move.Before is not { } before
            || (before.Status, before.Deactivations, before.HasEmail, before.DirectoryId, before.ScimId)
                != (move.After.Status, move.After.Deactivations, move.After.HasEmail, move.After.DirectoryId, move.After.ScimId)).ToList();
        return matters is [] ? null : SqlStatement.Of(
            """
            INSERT INTO pending_users (account_id, user_id, since)
            SELECT account_id, user_id, $3 FROM unnest($1, $2) AS m (account_id, user_id)
            WHERE EXISTS (SELECT FROM rules r WHERE r.account_id = m.account_id)
            """,
            matters.Select(move => move.After.AccountId).ToArray(), matters.Select(move => move.After.UserId).ToArray(), now);
    }

    internal static NpgsqlBatchCommand? EnqueueUsersOfEdges(IReadOnlyList<EdgeChange> moves, DateTimeOffset now) => moves is [] ? null : SqlStatement.Of(
        """
        INSERT INTO pending_users (account_id, user_id, since)
        SELECT DISTINCT m.account_id, m.user_id, $4::timestamptz FROM unnest($1, $2, $3) AS m (account_id, group_id, user_id)
        WHERE EXISTS (SELECT FROM rules r WHERE r.account_id = m.account_id AND r.group_id = m.group_id)
        """,
        moves.Select(move => move.AccountId).ToArray(), moves.Select(move => move.GroupId).ToArray(),
        moves.Select(move => move.UserId).ToArray(), now);

    /// <summary>Enqueues the members of each group incarnation that became live or ceased to be live.</summary>
    internal static NpgsqlBatchCommand? EnqueueGroups(IReadOnlyList<GroupStateChange> moves, DateTimeOffset now)
    {
        var touched = moves.SelectMany(HasEffect).ToList();
        return touched is [] ? null : SqlStatement.Of(
            """
            INSERT INTO work (account_id, work_id, cause, scope, target, created_at, advanced_at)
            SELECT account_id, gen_random_uuid(), 'groupChanged', 'group', scim_id, $4, $4 FROM unnest($1, $2, $3) AS m (account_id, group_id, scim_id)
            WHERE EXISTS (SELECT FROM rules r WHERE r.account_id = m.account_id AND r.group_id = m.group_id)
            """,
            touched.ConvertAll(group => group.AccountId), touched.ConvertAll(group => group.GroupId), touched.ConvertAll(group => group.ScimId), now);
    }

    internal static IEnumerable<GroupRow> HasEffect(GroupStateChange move)
    {
        var (was, isNow) = (move.Before is { Status: GroupStatus.Live } before ? before : null, move.After.Status == GroupStatus.Live ? move.After : null);
        if (was?.ScimId == isNow?.ScimId) return [];
        return new[] { was, isNow }.OfType<GroupRow>();
    }
}
