namespace PolicyService.Members;

/// <summary>
/// <see cref="PolicyService.Members.PolicyRule"/> in SQL, for many users at once and for two states: the stored tables (<c>now</c>), and a
/// hypothetical state that differs from them in a few rows given as parameters: the rows before a batch of facts, or the rows
/// after a change that an admin considers (what-if).
/// <code>
/// who ─ active users of each state ─► via ─ their present edges ─► covered ─ by which policies' terms ─► under
/// </code>
/// The query starts from the users. Its cost grows with their groups and with the policies that cover them, not with the size
/// of a group or a directory.
/// </summary>
internal static class CoverageSql
{
    /// <summary>
    /// The SQL fixes the plan, because newly filled tables have no statistics and the planner does not know the lengths of the
    /// lists: every CTE is evaluated once (MATERIALIZED), every table is read row by row by its index (LATERAL … OFFSET 0),
    /// every list is hashed (IN). Otherwise the planner has read all edges of an account, or one list thousands of times.
    /// $1 account; $2 users; of the hypothetical state $3–$6 users (id, SCIM id, directory, active), $7–$10 and $14 edges (group, its
    /// SCIM id, the user's SCIM id, present; the user), $11–$13 groups (id, SCIM id, live): each replaces the stored row with
    /// its id. Result: <c>under (now, user_id, policy_id)</c>.
    /// </summary>
    internal const string Under =
        """
        WITH other_users AS (SELECT * FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::bool[]) AS o (user_id, scim_id, directory_id, active)),
        other_edges AS (SELECT * FROM unnest($7::uuid[], $8::uuid[], $9::uuid[], $10::bool[], $14::uuid[]) AS o (group_id, group_scim_id, user_scim_id, present, user_id)),
        other_groups AS (SELECT * FROM unnest($11::uuid[], $12::uuid[], $13::bool[]) AS o (group_id, scim_id, live)),
        actual AS MATERIALIZED (
            SELECT u.user_id, u.scim_id, u.directory_id FROM unnest($2) AS asked
            CROSS JOIN LATERAL (SELECT * FROM users u WHERE u.account_id = $1 AND u.user_id = asked OFFSET 0) u WHERE u.status = 'active'),
        who AS MATERIALIZED (
            SELECT true AS now, a.* FROM actual a
            UNION ALL
            SELECT false, a.* FROM actual a WHERE a.user_id NOT IN (SELECT o.user_id FROM other_users o)
            UNION ALL
            SELECT false, o.user_id, o.scim_id, o.directory_id FROM other_users o WHERE o.active),
        via AS MATERIALIZED (
            SELECT w.now, w.user_id, e.group_id, e.group_scim_id
            FROM who w CROSS JOIN LATERAL (
                SELECT m.group_id, m.group_scim_id FROM edges m WHERE m.account_id = $1 AND m.user_scim_id = w.scim_id AND m.present OFFSET 0) e
            WHERE w.now OR (e.group_scim_id, w.scim_id) NOT IN (SELECT o.group_scim_id, o.user_scim_id FROM other_edges o)
            UNION ALL
            SELECT false, o.user_id, o.group_id, o.group_scim_id FROM other_edges o
            WHERE o.present AND (o.user_scim_id IN (SELECT w.scim_id FROM who w WHERE NOT w.now)) IS TRUE),
        covered AS MATERIALIZED (
            SELECT w.now, w.user_id, p.policy_id, false AS excluded FROM who w JOIN policies p ON p.account_id = $1 AND p.everyone
            UNION ALL
            SELECT w.now, w.user_id, t.policy_id, t.excluded FROM who w CROSS JOIN LATERAL (
                SELECT t.policy_id, t.excluded FROM policy_terms t
                WHERE t.account_id = $1 AND t.subject = 'user' AND t.subject_id = w.user_id AND t.user_scim_id = w.scim_id OFFSET 0) t
            UNION ALL
            SELECT w.now, w.user_id, t.policy_id, t.excluded FROM who w CROSS JOIN LATERAL (
                SELECT t.policy_id, t.excluded FROM policy_terms t
                WHERE t.account_id = $1 AND t.subject = 'directory' AND t.subject_id = w.directory_id OFFSET 0) t
            UNION ALL
            SELECT v.now, v.user_id, t.policy_id, t.excluded
            FROM via v CROSS JOIN LATERAL (
                SELECT t.policy_id, t.excluded FROM policy_terms t
                WHERE t.account_id = $1 AND t.subject = 'group' AND t.subject_id = v.group_id OFFSET 0) t
            LEFT JOIN other_groups o ON NOT v.now AND o.group_id = v.group_id
            WHERE CASE
                WHEN o.group_id IS NULL THEN EXISTS (
                    SELECT FROM groups g WHERE g.account_id = $1 AND g.group_id = v.group_id AND g.scim_id = v.group_scim_id AND g.status = 'live' OFFSET 0)
                ELSE o.live AND o.scim_id = v.group_scim_id END),
        under AS (
            SELECT c.now, c.user_id, c.policy_id FROM covered c
            GROUP BY c.now, c.user_id, c.policy_id
            HAVING bool_or(NOT c.excluded) AND NOT bool_or(c.excluded)
            AND EXISTS (SELECT FROM policies p WHERE p.account_id = $1 AND p.policy_id = c.policy_id AND p.enabled OFFSET 0))
        """;

    /// <summary>
    /// Why policy $2 of account $1 covers the user <c>u</c>, as one row <c>m</c>. For pages of users: it is evaluated only for
    /// the users of the page.
    /// </summary>
    internal const string OfUserUnderPolicy =
        """
        LATERAL (
            SELECT coalesce(bool_or(t.excluded), false) AS excluded,
                   coalesce(bool_or(t.subject = 'user' AND NOT t.excluded), false) AS direct,
                   coalesce(bool_or(t.subject = 'directory' AND NOT t.excluded), false) AS directory,
                   array_agg(t.subject_id) FILTER (WHERE t.subject = 'group' AND NOT t.excluded) AS via
            FROM (
                SELECT t.subject, t.subject_id, t.excluded
                FROM policy_terms t
                WHERE t.account_id = $1 AND t.policy_id = $2 AND t.subject = 'user' AND t.subject_id = u.user_id AND t.user_scim_id = u.scim_id
                UNION ALL
                SELECT t.subject, t.subject_id, t.excluded
                FROM policy_terms t
                WHERE t.account_id = $1 AND t.policy_id = $2 AND t.subject = 'directory' AND t.subject_id = u.directory_id
                UNION ALL
                SELECT t.subject, t.subject_id, t.excluded
                FROM edges e
                JOIN policy_terms t ON t.account_id = $1 AND t.policy_id = $2 AND t.subject = 'group' AND t.subject_id = e.group_id
                JOIN groups g ON g.account_id = $1 AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status = 'live'
                WHERE e.account_id = $1 AND e.user_scim_id = u.scim_id AND e.present) t) m
        """;
}
