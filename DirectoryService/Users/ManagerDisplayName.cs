using DirectoryService.Protocol;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Users;

/// <summary>
/// What a user's manager is called (RFC 7643 §4.3, <c>manager.displayName</c>), where the manager is a user of the same directory: as
/// members of groups are called. It is read with the user and stored nowhere, so that a rename cannot leave it behind.
/// </summary>
internal static class ManagerDisplayName
{
    private const string IdSql = $"users.document #>> '{{{Urns.EnterpriseUser},manager,value}}'";

    /// <summary>Of a row <c>manager</c>.</summary>
    private const string NameSql = "coalesce(manager.display_name, manager.document->>'userName')";

    /// <summary>For one row of <c>users</c>. Who has no manager, or one by an id that is none of ours, costs no look-up.</summary>
    internal const string Sql = $$"""
        (SELECT {{NameSql}} FROM users manager
         WHERE manager.scim_id = CASE WHEN {{IdSql}} ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$' THEN ({{IdSql}})::uuid END
           AND manager.directory_id = users.directory_id AND NOT manager.removed)
        """;

    /// <summary>For users whom CTE <c>changed</c> inserted: each with the name of its manager out of the parameters (ids of users, ids of managers).</summary>
    internal static string OfInserted(int first) => $"""
        SELECT c.id, (SELECT {NameSql} FROM users manager WHERE manager.scim_id = k.manager_id AND manager.directory_id = c.directory_id AND NOT manager.removed)
        FROM changed c LEFT JOIN unnest(${first}::uuid[], ${first + 1}::uuid[]) k (id, manager_id) ON k.id = c.id
        """;

    /// <summary>The user as it is about to be written, whose manager is another one than before.</summary>
    internal static async Task<UserRow> AddAsync(NpgsqlDataSource db, UserRow before, UserRow after, CancellationToken cancellationToken)
    {
        if (after.Stored.ManagerId == before.Stored.ManagerId && after.Stored.ManagerId != after.ScimId) return after;
        if (after.Stored.ManagerId is not { } manager) return after with { ManagerName = null };
        if (manager == after.ScimId) return after with { ManagerName = after.Derived.DisplayName ?? after.Derived.UserName };
        await using var command = db.CreateCommand($"SELECT {NameSql} FROM users manager WHERE manager.scim_id = $1 AND manager.directory_id = $2 AND NOT manager.removed");
        command.Parameters.With(manager).WithUuid(after.DirectoryId);
        return after with { ManagerName = (string?)await command.ExecuteScalarAsync(cancellationToken) };
    }

    /// <summary>Those of a scan, which reads rows alone: one statement for all of them that have a manager, none where nobody has.</summary>
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
