namespace ServiceDefaults.Rebuilding;

/// <summary>
/// Checksum over the effective content of an account's projections: without tombstones, edges of earlier incarnations, and
/// versions (a group's version grows with each change of members, although the group itself is unchanged). It is a sum of
/// hashes, so it does not depend on the order of rows.
/// </summary>
internal static class ProjectionChecksum
{
    internal const string Sql =
        """
        WITH rows AS (
            SELECT 'directories' AS kind, md5(ROW(directory_id, name, provider, deleted, last_alert)::text) AS hash
            FROM directories WHERE account_id = $1
            UNION ALL
            SELECT 'users', md5(ROW(user_id, directory_id, scim_id, status, deactivations, has_email, user_name, display_name)::text)
            FROM users WHERE account_id = $1 AND status <> 'removed'
            UNION ALL
            SELECT 'groups', md5(ROW(group_id, directory_id, scim_id, status, display_name)::text)
            FROM groups WHERE account_id = $1 AND status <> 'removed'
            UNION ALL
            SELECT 'memberships', md5(ROW(e.group_id, e.user_id)::text)
            FROM edges e
            JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status <> 'removed'
            JOIN users u ON u.account_id = e.account_id AND u.user_id = e.user_id AND u.scim_id = e.user_scim_id AND u.status <> 'removed'
            WHERE e.account_id = $1 AND e.present),
        sums AS (SELECT kind, count(*) AS n, sum(('x' || left(hash, 16))::bit(64)::bigint::numeric) AS hashes FROM rows GROUP BY kind)
        SELECT md5(coalesce(string_agg(concat_ws(' ', kind, n, hashes), ',' ORDER BY kind COLLATE "C"), '')) FROM sums
        """;
}
