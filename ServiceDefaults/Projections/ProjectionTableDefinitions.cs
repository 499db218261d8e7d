using System.Text.Json;
using Contracts;
using Contracts.Events.V1;
using Npgsql;
using NpgsqlTypes;

namespace ServiceDefaults.Projections;

/// <summary>Definitions of the tables of users, groups and directories; their rows are <see cref="UserRow"/> and so on.</summary>
internal static class ProjectionTableDefinitions
{
    internal static ProjectionTable<UserChanged, UserRow> Users(string table) => new(
        table, "user_id", ["directory_id", "scim_id", "status", "deactivations", "has_email", "user_name", "display_name", "version"],
        fact => (fact.AccountId, fact.UserId),
        facts =>
        {
            var rows = facts.Select(UserRow.Of).ToList();
            return
            [
                rows.ConvertAll(row => row.AccountId), rows.ConvertAll(row => row.UserId), rows.ConvertAll(row => row.DirectoryId),
                rows.ConvertAll(row => row.ScimId), rows.ConvertAll(row => row.Status.Word()), rows.ConvertAll(row => row.Deactivations),
                rows.ConvertAll(row => row.HasEmail), rows.ConvertAll(row => row.UserName), rows.ConvertAll(row => row.DisplayName),
                rows.ConvertAll(row => row.Version),
            ];
        },
        row => new UserRow(
            row.GetGuid(0), row.GetGuid(1), IdOrNull(row, 2), row.GetGuid(3), ProjectionStatusNames.UserStatus(row.GetString(4)), row.GetInt64(5),
            row.GetBoolean(6), row.GetString(7), TextOrNull(row, 8), row.GetInt64(9)));

    internal static ProjectionTable<GroupChanged, GroupRow> Groups(string table) => new(
        table, "group_id", ["directory_id", "scim_id", "status", "display_name", "version"],
        fact => (fact.AccountId, fact.GroupId),
        facts =>
        {
            var rows = facts.Select(GroupRow.Of).ToList();
            return
            [
                rows.ConvertAll(row => row.AccountId), rows.ConvertAll(row => row.GroupId), rows.ConvertAll(row => row.DirectoryId),
                rows.ConvertAll(row => row.ScimId), rows.ConvertAll(row => row.Status.Word()), rows.ConvertAll(row => row.DisplayName),
                rows.ConvertAll(row => row.Version),
            ];
        },
        row => new GroupRow(
            row.GetGuid(0), row.GetGuid(1), IdOrNull(row, 2), row.GetGuid(3), ProjectionStatusNames.GroupStatus(row.GetString(4)),
            row.GetString(5), row.GetInt64(6)));

    internal static ProjectionTable<DirectoryChanged, DirectoryRow> Directories(string table) => new(
        table, "directory_id", ["name", "provider", "deleted", "last_alert", "version"],
        fact => (fact.AccountId, fact.DirectoryId),
        facts =>
        {
            var rows = facts.Select(DirectoryRow.Of).ToList();
            return
            [
                rows.ConvertAll(row => row.AccountId), rows.ConvertAll(row => row.DirectoryId), rows.ConvertAll(row => row.Name),
                rows.ConvertAll(row => row.Provider), rows.ConvertAll(row => row.Deleted),
                new NpgsqlParameter { Value = rows.ConvertAll(row => Text(row.LastAlert)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                rows.ConvertAll(row => row.Version),
            ];
        },
        row => new DirectoryRow(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetBoolean(4), Alert(TextOrNull(row, 5)), row.GetInt64(6)));

    private static string? Text(MassDeactivation? alert) =>
        alert is null ? null : JsonSerializer.Serialize(alert, ContractsJsonContext.Default.MassDeactivation);

    private static MassDeactivation? Alert(string? text) =>
        text is null ? null : JsonSerializer.Deserialize(text, ContractsJsonContext.Default.MassDeactivation);

    private static Guid? IdOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
