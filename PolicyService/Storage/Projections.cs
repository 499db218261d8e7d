using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>
/// Facts become rows, each by one statement that stores what is newer than what is there and nothing else; so that any
/// order of arrival, and any repetition, ends in the same rows.
/// </summary>
internal sealed class Projections(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>
    /// The second half writes down under which policies the user came, and which it left, because it became active, ceased
    /// to be, or came back as another incarnation. It reads the rows as they were before this statement.
    /// </summary>
    internal Task ApplyAsync(UserChanged fact, CancellationToken cancellationToken) => ExecuteAsync(
        """
        WITH stored AS (
            INSERT INTO users AS u (account_id, user_id, directory_id, scim_id, status, user_name, display_name, version)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (account_id, user_id) DO UPDATE SET
                directory_id = excluded.directory_id, scim_id = excluded.scim_id, status = excluded.status,
                user_name = excluded.user_name, display_name = excluded.display_name, version = excluded.version
            WHERE u.version < excluded.version
            RETURNING u.scim_id, u.status = 'active' AS active),
        before AS (SELECT scim_id, status = 'active' AS active FROM users WHERE account_id = $1 AND user_id = $2),
        moved AS (
            SELECT 'left' AS kind, b.scim_id FROM before b JOIN stored s ON b.active AND NOT (s.active AND s.scim_id = b.scim_id)
            UNION ALL
            SELECT 'joined', s.scim_id FROM stored s WHERE s.active AND NOT EXISTS (SELECT FROM before b WHERE b.active AND b.scim_id = s.scim_id))
        INSERT INTO membership_history (account_id, user_id, policy_id, policy_name, kind, reason, event_id, at)
        SELECT DISTINCT $1::uuid, $2::uuid, p.policy_id, p.name, m.kind, 'user', $9::uuid, $10::timestamptz
        FROM moved m
        JOIN edges e ON e.account_id = $1 AND e.user_scim_id = m.scim_id AND e.present
        JOIN groups g ON g.account_id = e.account_id AND g.group_id = e.group_id AND g.scim_id = e.group_scim_id AND g.status = 'live'
        JOIN policy_groups n ON n.account_id = g.account_id AND n.group_id = g.group_id
        JOIN policies p ON p.account_id = n.account_id AND p.policy_id = n.policy_id AND p.enabled
        """,
        cancellationToken,
        fact.AccountId, fact.UserId, fact.DirectoryId, fact.ScimId, fact.Status.Word(), fact.UserName, fact.DisplayName, fact.Version,
        fact.EventId, clock.GetUtcNow());

    internal Task ApplyAsync(GroupChanged fact, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO groups AS g (account_id, group_id, directory_id, scim_id, status, display_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id, group_id) DO UPDATE SET
            directory_id = excluded.directory_id, scim_id = excluded.scim_id, status = excluded.status,
            display_name = excluded.display_name, version = excluded.version
        WHERE g.version < excluded.version
        """,
        cancellationToken,
        fact.AccountId, fact.GroupId, fact.DirectoryId, fact.ScimId, fact.Status.Word(), fact.DisplayName, fact.Version);

    /// <summary>Each edge on its own: another fact about the same group may be newer for one edge and older for the next.</summary>
    internal Task ApplyAsync(MembersChanged fact, CancellationToken cancellationToken)
    {
        // One row may be touched once by a statement. The producer names an edge once; if it did not, its last word counts.
        var edges = fact.Edges.GroupBy(edge => edge.UserScimId, (_, same) => same.Last()).ToList();
        return ExecuteAsync(
            """
            WITH stored AS (
                INSERT INTO edges AS m (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version)
                SELECT $1, $2, e.user_scim_id, $3, e.user_id, e.present, $4
                FROM unnest($5, $6, $7) AS e (user_scim_id, user_id, present)
                ORDER BY e.user_scim_id -- one order of locks for all, or two facts about the same edges could wait for each other
                ON CONFLICT (account_id, group_scim_id, user_scim_id) DO UPDATE SET present = excluded.present, version = excluded.version
                WHERE m.version < excluded.version
                RETURNING m.user_scim_id, m.user_id, m.present),
            moved AS (
                SELECT s.* FROM stored s
                WHERE s.present <> EXISTS (SELECT FROM edges b WHERE b.account_id = $1 AND b.group_scim_id = $2 AND b.user_scim_id = s.user_scim_id AND b.present))
            INSERT INTO membership_history (account_id, user_id, policy_id, policy_name, kind, reason, event_id, at)
            SELECT $1, m.user_id, p.policy_id, p.name, CASE WHEN m.present THEN 'joined' ELSE 'left' END, 'group', $8, $9
            FROM moved m
            JOIN users u ON u.account_id = $1 AND u.user_id = m.user_id AND u.scim_id = m.user_scim_id AND u.status = 'active'
            JOIN groups g ON g.account_id = $1 AND g.group_id = $3 AND g.scim_id = $2 AND g.status = 'live'
            JOIN policy_groups n ON n.account_id = $1 AND n.group_id = $3
            JOIN policies p ON p.account_id = $1 AND p.policy_id = n.policy_id AND p.enabled
            WHERE NOT EXISTS ( -- another group keeps the user under the policy
                SELECT FROM edges o
                JOIN groups h ON h.account_id = $1 AND h.group_id = o.group_id AND h.scim_id = o.group_scim_id AND h.status = 'live'
                JOIN policy_groups k ON k.account_id = $1 AND k.group_id = h.group_id AND k.policy_id = p.policy_id
                WHERE o.account_id = $1 AND o.user_scim_id = m.user_scim_id AND o.present AND o.group_scim_id <> $2)
            """,
            cancellationToken,
            fact.AccountId, fact.GroupScimId, fact.GroupId, fact.Version,
            edges.ConvertAll(edge => edge.UserScimId), edges.ConvertAll(edge => edge.UserId), edges.ConvertAll(edge => edge.Present),
            fact.EventId, clock.GetUtcNow());
    }

    internal Task ApplyAsync(DirectoryChanged fact, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO directories AS d (account_id, directory_id, name, provider, deleted, version)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, directory_id) DO UPDATE SET
            name = excluded.name, provider = excluded.provider, deleted = excluded.deleted, version = excluded.version
        WHERE d.version < excluded.version
        """,
        cancellationToken,
        fact.AccountId, fact.DirectoryId, fact.Name, fact.Provider, fact.Deleted, fact.Version);

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values)
    {
        await using var command = database.CreateCommand(sql, values);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
