using System.Text.Json;
using Npgsql;

namespace DirectoryService.Users;

/// <summary>A group in the attribute <c>groups</c> of a user.</summary>
internal readonly record struct GroupOfUser(Guid Id, string Display)
{
    /// <summary>SQL that selects all groups of a row of <c>users</c> as JSON, ordered by id; null when there are none.</summary>
    internal const string Sql = """
        (SELECT jsonb_agg(jsonb_build_object('value', g.scim_id, 'display', g.document->>'displayName', 'type', 'direct') ORDER BY g.scim_id)
         FROM group_members m JOIN groups g ON g.scim_id = m.group_scim_id AND g.directory_id = users.directory_id AND NOT g.removed AND NOT g.console_deleted
         WHERE m.user_scim_id = users.scim_id)
        """;

    internal static IReadOnlyList<GroupOfUser> Read(NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column)) return [];
        using var groups = JsonDocument.Parse(reader.GetFieldValue<byte[]>(column));
        return [.. groups.RootElement.EnumerateArray().Select(group => new GroupOfUser(group.GetProperty("value").GetGuid(), group.GetProperty("display").GetString() ?? ""))];
    }
}
