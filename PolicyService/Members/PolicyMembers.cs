using Npgsql;
using PolicyService.Policies;
using PolicyService.Storage;
using ServiceDefaults.Storage;

namespace PolicyService.Members;

/// <summary>
/// Reads the users to whom a policy applies. Members are computed from the projections by index and are not stored. The rule is
/// <see cref="PolicyRule"/>.
/// <code>
/// each source (everyone, a directory, a live group, the users named) returns its next users by id ─► merged ─► evaluated one by
/// one, until the page is full ─► the next round begins after the last user of the sources that have more
/// </code>
/// The cost of a page depends on its users. When most users of the sources are excluded or not active, it stops after <see
/// cref="MaxCandidatesPerSource"/> users of each source and returns fewer users than requested, with the position to go on.
/// </summary>
internal sealed class PolicyMembers(NpgsqlDataSource database)
{
    internal const int MaxCandidatesPerSource = 20_000;

    /// <summary>$1 account, $2 policy, $3 user id to start after, $4 limit per source, $5 limit in all.</summary>
    internal const string PageSql =
        $"""
        WITH p AS (SELECT everyone FROM policies WHERE account_id = $1 AND policy_id = $2 AND enabled),
        sources AS (SELECT t.subject, t.subject_id FROM p JOIN policy_terms t ON t.account_id = $1 AND t.policy_id = $2 AND NOT t.excluded),
        candidates AS (
            SELECT $1::uuid AS source, next.user_id FROM p CROSS JOIN LATERAL (
                SELECT u.user_id FROM users u WHERE u.account_id = $1 AND u.user_id > $3 AND u.status = 'active'
                ORDER BY u.user_id LIMIT $4) next
            WHERE p.everyone
            UNION ALL
            SELECT s.subject_id, next.user_id FROM sources s CROSS JOIN LATERAL (
                SELECT u.user_id FROM users u WHERE u.account_id = $1 AND u.directory_id = s.subject_id AND u.user_id > $3 AND u.status = 'active'
                ORDER BY u.user_id LIMIT $4) next
            WHERE s.subject = 'directory'
            UNION ALL
            SELECT s.subject_id, next.user_id
            FROM sources s JOIN groups g ON g.account_id = $1 AND g.group_id = s.subject_id AND g.status = 'live'
            CROSS JOIN LATERAL (
                SELECT e.user_id FROM edges e WHERE e.account_id = $1 AND e.group_scim_id = g.scim_id AND e.present AND e.user_id > $3
                ORDER BY e.user_id LIMIT $4) next
            WHERE s.subject = 'group'
            UNION ALL
            SELECT $2, named.subject_id FROM (
                SELECT s.subject_id FROM sources s WHERE s.subject = 'user' AND s.subject_id > $3 ORDER BY s.subject_id LIMIT $4) named),
        frontier AS ( -- after it a source may have users that were not read yet
            SELECT last.user_id FROM (SELECT c.user_id, row_number() OVER (PARTITION BY c.source ORDER BY c.user_id) AS n FROM candidates c) last
            WHERE last.n = $4 ORDER BY last.user_id LIMIT 1),
        page AS (
            SELECT u.user_id, u.user_name, u.display_name, u.directory_id, p.everyone, m.*
            FROM (
                SELECT DISTINCT c.user_id FROM candidates c
                WHERE c.user_id <= coalesce((SELECT f.user_id FROM frontier f), 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY c.user_id) nominated
            CROSS JOIN LATERAL (SELECT * FROM users u WHERE u.account_id = $1 AND u.user_id = nominated.user_id OFFSET 0) u -- one by one
            CROSS JOIN p
            CROSS JOIN {CoverageSql.OfUserUnderPolicy}
            WHERE u.status = 'active' AND NOT m.excluded AND (p.everyone OR m.direct OR m.directory OR m.via IS NOT NULL)
            ORDER BY nominated.user_id LIMIT $5)
        SELECT (SELECT f.user_id FROM frontier f), page.user_id, page.user_name, page.display_name, page.everyone, page.direct,
               CASE WHEN page.directory THEN page.directory_id END, d.name, d.deleted, g.group_id, g.display_name
        FROM (SELECT) one
        LEFT JOIN page ON true
        LEFT JOIN directories d ON d.account_id = $1 AND d.directory_id = page.directory_id
        LEFT JOIN groups g ON g.account_id = $1 AND g.group_id = ANY (page.via)
        ORDER BY page.user_id, g.display_name COLLATE "C", g.group_id
        """;

    /// <summary>Up to <paramref name="limit"/> users by id, after <paramref name="after"/>.</summary>
    internal async Task<PolicyMemberPage> ListAsync(Guid account, Guid policy, Guid? after, int limit, CancellationToken cancellationToken)
    {
        var members = new List<Member>();
        var from = after ?? Guid.Empty;
        var nominated = 0;
        for (var many = limit + 1; ; many *= 4)
        {
            // One more than requested shows whether there is a next page.
            var (found, frontier) = await ReadCandidatesAsync(account, policy, from, many, limit + 1 - members.Count, cancellationToken);
            members.AddRange(found);
            if (members.Count > limit) return new PolicyMemberPage(members[..limit], members[limit - 1].UserId);
            if (frontier is not { } next) return new PolicyMemberPage(members, null);
            from = next;
            nominated += many;
            if (nominated >= MaxCandidatesPerSource) return new PolicyMemberPage(members, next);
        }
    }

    private async Task<(List<Member> Members, Guid? Frontier)> ReadCandidatesAsync(
        Guid account, Guid policy, Guid after, int many, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(PageSql, account, policy, after, many, limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<Member>();
        var via = new List<ViaGroup>();
        Guid? frontier = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            frontier = reader.IsDBNull(0) ? null : reader.GetGuid(0);
            if (reader.IsDBNull(1)) break;
            var user = reader.GetGuid(1);
            if (members is [] || members[^1].UserId != user)
            {
                var directory = reader.IsDBNull(6) ? null : new NamedDirectory(reader.GetGuid(6), reader.TextOrNull(7), reader.IsDBNull(8) ? null : reader.GetBoolean(8));
                members.Add(new Member(user, reader.GetString(2), reader.TextOrNull(3), via = [], reader.GetBoolean(5), directory, reader.GetBoolean(4)));
            }
            if (!reader.IsDBNull(9)) via.Add(new ViaGroup(reader.GetGuid(9), reader.GetString(10)));
        }
        return (members, frontier);
    }
}

/// <param name="Next">User id after which there may be more users; null when there are none.</param>
internal sealed record PolicyMemberPage(List<Member> Members, Guid? Next);
