using Npgsql;
using PolicyService.Policies;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>
/// Whom a policy applies to, and which policies apply to a user: read from the rows as they stand, by index, never kept.
/// <code>
/// policy enabled ─ names ─► group live ─ scim_id ─► edge present ─ user_scim_id ─► user active
/// </code>
/// </summary>
internal sealed class Membership(NpgsqlDataSource database)
{
    /// <summary>
    /// Up to <paramref name="limit"/> users by id, beginning behind <paramref name="after"/>. Each group gives its next
    /// users in the order of the index and stops, so that a page of a group of 100,000 reads no more than a page.
    /// </summary>
    internal async Task<List<Member>> OfPolicyAsync(Guid account, Guid policy, Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            WITH live AS (
                SELECT g.group_id, g.scim_id, g.display_name
                FROM policies p
                JOIN policy_groups n ON n.account_id = p.account_id AND n.policy_id = p.policy_id
                JOIN groups g ON g.account_id = n.account_id AND g.group_id = n.group_id
                WHERE p.account_id = $1 AND p.policy_id = $2 AND p.enabled AND g.status = 'live'),
            page AS (
                SELECT DISTINCT next.user_id, next.scim_id, next.user_name, next.display_name
                FROM live CROSS JOIN LATERAL (
                    SELECT u.user_id, u.scim_id, u.user_name, u.display_name
                    FROM edges e JOIN users u ON u.account_id = e.account_id AND u.user_id = e.user_id AND u.scim_id = e.user_scim_id
                    WHERE e.account_id = $1 AND e.group_scim_id = live.scim_id AND e.present AND e.user_id > $3 AND u.status = 'active'
                    ORDER BY e.user_id LIMIT $4) next
                ORDER BY next.user_id LIMIT $4)
            SELECT page.user_id, page.user_name, page.display_name, live.group_id, live.display_name
            FROM page
            JOIN edges e ON e.account_id = $1 AND e.user_scim_id = page.scim_id AND e.present
            JOIN live ON live.scim_id = e.group_scim_id
            ORDER BY page.user_id, live.display_name COLLATE "C", live.group_id
            """,
            account, policy, after ?? Guid.Empty, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<Member>();
        var via = new List<ViaGroup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var user = reader.GetGuid(0);
            if (members is [] || members[^1].UserId != user)
                members.Add(new Member(user, reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), via = []));
            via.Add(new ViaGroup(reader.GetGuid(3), reader.GetString(4)));
        }
        return members;
    }

    /// <summary>In the order in which they apply; null: the account has no such user.</summary>
    internal async Task<List<AppliedPolicy>?> OfUserAsync(Guid account, Guid user, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Statement.Of("SELECT 1 FROM users WHERE account_id = $1 AND user_id = $2", account, user));
        batch.BatchCommands.Add(Statement.Of(
            """
            SELECT p.policy_id, p.name, g.group_id, g.display_name
            FROM users u
            JOIN edges e ON e.account_id = u.account_id AND e.user_scim_id = u.scim_id AND e.present
            JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id
            JOIN policy_groups n ON n.account_id = g.account_id AND n.group_id = g.group_id
            JOIN policies p ON p.account_id = n.account_id AND p.policy_id = n.policy_id
            WHERE u.account_id = $1 AND u.user_id = $2 AND u.status = 'active' AND g.status = 'live' AND p.enabled
            ORDER BY p.position, p.name_key, g.display_name COLLATE "C", g.group_id
            """,
            account, user));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        await reader.NextResultAsync(cancellationToken);
        var policies = new List<AppliedPolicy>();
        var via = new List<ViaGroup>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var policy = reader.GetGuid(0);
            if (policies is [] || policies[^1].Id != policy) policies.Add(new AppliedPolicy(policy, reader.GetString(1), via = []));
            via.Add(new ViaGroup(reader.GetGuid(2), reader.GetString(3)));
        }
        return policies;
    }
}
