using DirectoryService.Protocol;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Users;

/// <summary>
/// <c>manager.displayName</c> of a user (RFC 7643 §4.3), if the manager is a user of the same directory: its displayName, or else its
/// userName, as for members of groups. It is read together with the user and not stored, so that it cannot be out of date.
/// </summary>
internal static class ManagerDisplayName
{
    private const string IdSql = $"users.document #>> '{{{Urns.EnterpriseUser},manager,value}}'";

    /// <summary>SQL of the name, for a row of <c>users</c> with the alias <c>manager</c>.</summary>
    private const string NameSql = "coalesce(manager.display_name, manager.document->>'userName')";

    /// <summary>SQL subselect of the name for one row of <c>users</c>. Without a manager, or with an id of another form, it looks nothing up.</summary>
    internal const string Sql = $$"""
        (SELECT {{NameSql}} FROM users manager
         WHERE manager.scim_id = CASE WHEN {{IdSql}} ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN ({{IdSql}})::uuid END
           AND manager.directory_id = users.directory_id AND NOT manager.removed)
        """;

    /// <summary>SQL of the names for users inserted by the CTE <c>changed</c>. Two parameters from <paramref name="first"/> on: ids of users, ids of their managers.</summary>
    internal static string OfInserted(int first) => $"""
        SELECT c.id, (SELECT {NameSql} FROM users manager WHERE manager.scim_id = k.manager_id AND manager.directory_id = c.directory_id AND NOT manager.removed)
        FROM changed c LEFT JOIN unnest(${first}::uuid[], ${first + 1}::uuid[]) k (id, manager_id) ON k.id = c.id
        """;

    /// <summary>Adds the name to a user that is about to be written, if its manager changes.</summary>
    internal static async Task<UserRow> AddAsync(NpgsqlDataSource db, UserRow before, UserRow after, CancellationToken cancellationToken)
    {
        if (after.Stored.ManagerId == before.Stored.ManagerId && after.Stored.ManagerId != after.ScimId) return after;
        if (after.Stored.ManagerId is not { } manager) return after with { ManagerName = null };
        if (manager == after.ScimId) return after with { ManagerName = after.Derived.DisplayName ?? after.Derived.UserName };
        await using var command = db.CreateCommand($"SELECT {NameSql} FROM users manager WHERE manager.scim_id = $1 AND manager.directory_id = $2 AND NOT manager.removed");
        command.Parameters.With(manager).WithUuid(after.DirectoryId);
        return after with { ManagerName = (string?)await command.ExecuteScalarAsync(cancellationToken) };
    }

    /// <summary>Adds the names to the users of a scan by one statement, and by none when no user has a manager.</summary>
    internal static async Task<IReadOnlyList<UserRow>> CompleteAsync(NpgsqlDataSource db, IReadOnlyList<UserRow> users, CancellationToken cancellationToken)
    {
        var managed = users.Where(user => user.Stored.ManagerId is not null).Select(user => user.Id).ToArray();
        if (managed.Length == 0) return users;
        await using var command = db.CreateCommand($"SELECT id, {Sql} FROM users WHERE id = ANY($1)");
        command.Parameters.With(managed);
        var names = new Dictionary<Guid, string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            if (!reader.IsDBNull(1)) names[reader.GetGuid(0)] = reader.GetString(1);
        return [.. users.Select(user => names.TryGetValue(user.Id, out var name) ? user with { ManagerName = name } : user)];
    }
}
