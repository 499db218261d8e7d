using DirectoryService.Events;
using DirectoryService.Protocol;
using Npgsql;

namespace DirectoryService.Storage;

/// <summary>
/// Groups of one directory. A write to a group takes its row lock first, so that writers of one group take turns; what
/// changes members is set SQL whose cost follows the number of changed members (see <see cref="MembershipSql"/>).
/// </summary>
internal sealed class GroupTable(NpgsqlDataSource db)
{
    private const string NameIndex = "groups_display_name";

    internal async Task<GroupRow?> FindAsync(Guid directoryId, Guid scimId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            $"SELECT {GroupRow.Columns} FROM groups WHERE directory_id = $1 AND scim_id = $2 AND {GroupRow.Visible}");
        command.Parameters.With(directoryId).With(scimId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? GroupRow.Read(reader) : null;
    }

    internal async Task<Page<GroupRow>> ListAsync(Guid directoryId, SqlFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var where = $"directory_id = $1 AND {GroupRow.Visible} AND {filter.Sql}";
        await using var batch = db.CreateBatch();
        var count = new NpgsqlBatchCommand($"SELECT count(*) FROM groups WHERE {where}");
        var rows = new NpgsqlBatchCommand(
            $"SELECT {GroupRow.Columns} FROM groups WHERE {where} ORDER BY scim_id OFFSET {page.Offset} LIMIT {page.Count}");
        foreach (var command in (NpgsqlBatchCommand[])[count, rows])
        {
            command.Parameters.With(directoryId);
            filter.Bind(command.Parameters);
            batch.BatchCommands.Add(command);
        }
        return await Page.ReadAsync(batch, GroupRow.Read, cancellationToken);
    }

    /// <summary>Opens the unit of work of one group write, with the group's row locked; null when SCIM does not see it.</summary>
    internal static async Task<(NpgsqlTransaction Transaction, GroupRow Group)?> LockAsync(
        NpgsqlConnection connection, Guid directoryId, Guid scimId, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT {GroupRow.Columns} FROM groups WHERE directory_id = $1 AND scim_id = $2 AND {GroupRow.Visible} FOR UPDATE", connection, transaction);
        command.Parameters.With(directoryId).With(scimId);
        GroupRow? group = null;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            if (await reader.ReadAsync(cancellationToken)) group = GroupRow.Read(reader);
        if (group is not null) return (transaction, group);
        await transaction.DisposeAsync();
        return null;
    }

    /// <exception cref="ScimException">uniqueness.</exception>
    internal static async Task InsertAsync(NpgsqlTransaction transaction, GroupRow group, EventRow created, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            WITH changed AS (
              INSERT INTO groups (id, account_id, directory_id, scim_id, version, scim_version, console_disabled, console_deleted, removed,
                document, created_at, modified_at, display_name_key, external_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
              RETURNING id),
            {EventRow.InsertCte("changed", 15)}
            SELECT count(*) FROM logged
            """, transaction.Connection, transaction);
        BindRow(command.Parameters.With(group.Id).With(group.AccountId).WithUuid(group.DirectoryId).With(group.ScimId), group);
        created.Bind(command.Parameters);
        await ExecuteAsync(command, group, cancellationToken);
    }

    /// <summary>Writes a group whose row <paramref name="transaction"/> has locked. A removed group loses its edges.</summary>
    /// <exception cref="ScimException">uniqueness.</exception>
    internal static async Task UpdateAsync(NpgsqlTransaction transaction, GroupRow group, EventRow changed, CancellationToken cancellationToken)
    {
        var leave = group.State.Removed
            ? "left_members AS (DELETE FROM group_members USING changed WHERE group_scim_id = changed.scim_id),"
            : "";
        await using var command = new NpgsqlCommand($"""
            WITH changed AS (
              UPDATE groups SET version = $2, scim_version = $3, console_disabled = $4, console_deleted = $5, removed = $6,
                document = $7, created_at = $8, modified_at = $9, display_name_key = $10, external_id = $11
              WHERE id = $1
              RETURNING id, scim_id),
            {leave}
            {EventRow.InsertCte("changed", 12)}
            SELECT count(*) FROM logged
            """, transaction.Connection, transaction);
        BindRow(command.Parameters.With(group.Id), group);
        changed.Bind(command.Parameters);
        await ExecuteAsync(command, group, cancellationToken);
    }

    private static void BindRow(NpgsqlParameterCollection parameters, GroupRow group) =>
        parameters.With(group.Version).With(group.ScimVersion)
            .With(group.State.ConsoleDisabled).With(group.State.ConsoleDeleted).With(group.State.Removed)
            .WithJson(group.Document.ToJsonString()).With(group.CreatedAt).With(group.ModifiedAt)
            .WithText(group.DisplayNameKey).WithText(group.ExternalId);

    private static async Task ExecuteAsync(NpgsqlCommand command, GroupRow group, CancellationToken cancellationToken)
    {
        try
        {
            await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.Violates(NameIndex))
        {
            throw ScimException.Uniqueness($"A group with the displayName '{group.DisplayName}' exists in this directory. Match it by a filter on displayName and update it.");
        }
    }
}
