using Contracts.Events.V1;
using Npgsql;
using ServiceDefaults.Storage;

namespace PolicyService.Storage;

/// <summary>
/// Facts become rows, each by one statement that stores what is newer than what is there and nothing else; so that any
/// order of arrival, and any repetition, ends in the same rows.
/// </summary>
internal sealed class Projections(NpgsqlDataSource database)
{
    internal Task ApplyAsync(UserChanged fact, CancellationToken cancellationToken) => ExecuteAsync(
        """
        INSERT INTO users AS u (account_id, user_id, directory_id, scim_id, status, user_name, display_name, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (account_id, user_id) DO UPDATE SET
            directory_id = excluded.directory_id, scim_id = excluded.scim_id, status = excluded.status,
            user_name = excluded.user_name, display_name = excluded.display_name, version = excluded.version
        WHERE u.version < excluded.version
        """,
        cancellationToken,
        fact.AccountId, fact.UserId, fact.DirectoryId, fact.ScimId, fact.Status.Word(), fact.UserName, fact.DisplayName, fact.Version);

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
            INSERT INTO edges AS m (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version)
            SELECT $1, $2, e.user_scim_id, $3, e.user_id, e.present, $4
            FROM unnest($5, $6, $7) AS e (user_scim_id, user_id, present)
            ORDER BY e.user_scim_id -- one order of locks for all, or two facts about the same edges could wait for each other
            ON CONFLICT (account_id, group_scim_id, user_scim_id) DO UPDATE SET present = excluded.present, version = excluded.version
            WHERE m.version < excluded.version
            """,
            cancellationToken,
            fact.AccountId, fact.GroupScimId, fact.GroupId, fact.Version,
            edges.ConvertAll(edge => edge.UserScimId), edges.ConvertAll(edge => edge.UserId), edges.ConvertAll(edge => edge.Present));
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
