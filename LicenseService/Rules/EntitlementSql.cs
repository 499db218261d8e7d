namespace LicenseService.Rules;

/// <summary>SQL form of <see cref="LicenseService.Rules.Rule.Matching"/>: the rules that give a seat to a user, by the current projections.</summary>
internal static class EntitlementSql
{
    /// <summary>
    /// For <c>CROSS JOIN LATERAL</c> behind a row <c>u</c> of users: pool_id, rule_id, position, kind, group_id, group_name of
    /// each rule that names the user, whether or not the user is active. The cost depends on the number of rules for all users
    /// and of the user's groups, not on the number of group rules.
    /// </summary>
    internal const string Rules =
        """
        (SELECT r.pool_id, r.rule_id, r.position, r.kind, r.group_id, NULL AS group_name
         FROM rules r
         WHERE r.account_id = u.account_id AND r.group_id IS NULL
           AND (r.kind = 'allUsers' OR r.kind = 'allScimUsers' AND u.directory_id IS NOT NULL OR r.kind = 'allManualUsers' AND u.directory_id IS NULL)
         UNION ALL
         SELECT r.pool_id, r.rule_id, r.position, r.kind, r.group_id, m.display_name
         FROM edges e
         JOIN groups m ON m.account_id = e.account_id AND m.group_id = e.group_id AND m.scim_id = e.group_scim_id AND m.status = 'live'
         JOIN rules r ON r.account_id = m.account_id AND r.group_id = m.group_id
         WHERE e.account_id = u.account_id AND e.user_scim_id = u.scim_id AND e.present)
        """;
}
