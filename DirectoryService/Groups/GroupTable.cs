using DirectoryService.Events;
using DirectoryService.Protocol;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary>
/// Reads and writes groups of one directory. A write locks the group's row first, so that writes of one group are serialized.
/// Members are changed with set-based SQL whose cost depends on the number of changed members (see <see
/// cref="MembershipSql"/>).
/// </summary>
internal sealed class GroupTable(NpgsqlDataSource db)
{
    private const string NameIndex = "groups_display_name";
    private const string UserDefinedNameIndex = "groups_user_defined_name";
    private const string ExternalIdIndex = "groups_live_external_id";

    internal async Task<GroupRow?> FindAsync(Guid directoryId, Guid scimId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            $"SELECT {GroupRow.ShownColumns} FROM groups WHERE directory_id = $1 AND scim_id = $2 AND {GroupRow.Visible}");
        command.Parameters.With(directoryId).With(scimId);
        return await ReadOneAsync(command, cancellationToken);
    }

    /// <summary>Whether an admin deleted the group in the console, for the error message.</summary>
    internal async Task<bool> IsDeletedInConsoleAsync(Guid directoryId, Guid scimId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT EXISTS (SELECT FROM groups WHERE directory_id = $1 AND scim_id = $2 AND console_deleted AND NOT removed)");
        command.Parameters.With(directoryId).With(scimId);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>
    /// Begins the transaction of a write by the directory and locks the group's row; null when the directory removed the group
    /// or never had it. A group deleted in the console is found: see <see cref="DirectoryService.Lifecycle.GroupState.Visible"/>.
    /// </summary>
    internal static Task<(NpgsqlTransaction Transaction, GroupRow Group)?> LockAsync(
        NpgsqlConnection connection, Guid directoryId, Guid scimId, CancellationToken cancellationToken) =>
        LockAsync(connection, "directory_id = $1 AND scim_id = $2 AND NOT removed", [directoryId, scimId], cancellationToken);

    /// <summary>The same for an admin, by the internal id and in any state.</summary>
    internal static Task<(NpgsqlTransaction Transaction, GroupRow Group)?> LockByIdAsync(
        NpgsqlConnection connection, Guid accountId, Guid id, CancellationToken cancellationToken) =>
        LockAsync(connection, "account_id = $1 AND id = $2", [accountId, id], cancellationToken);

    private static async Task<(NpgsqlTransaction Transaction, GroupRow Group)?> LockAsync(
        NpgsqlConnection connection, string where, Guid[] values, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SELECT {GroupRow.ShownColumns} FROM groups WHERE {where} FOR UPDATE", connection, transaction);
        foreach (var value in values) command.Parameters.With(value);
        if (await ReadOneAsync(command, cancellationToken) is { } group) return (transaction, group);
        await transaction.DisposeAsync();
        return null;
    }

    /// <summary>
    /// Locks the group that a POST revives: the newest one that is not live and is the same group (<see
    /// cref="DirectoryService.Lifecycle.GroupLifecycle.IsSame"/> in SQL); null when there is none.
    /// </summary>
    internal static async Task<GroupRow?> LockRevivableAsync(
        NpgsqlTransaction transaction, Guid directoryId, string? externalId, string nameKey, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            SELECT {GroupRow.ShownColumns} FROM groups
            WHERE directory_id = $1 AND (removed OR console_deleted)
              AND (external_id = $2 OR (display_name_key = $3 AND (external_id IS NULL OR $2 IS NULL)))
            ORDER BY modified_at DESC, id LIMIT 1 FOR UPDATE
            """, transaction.Connection, transaction);
        command.Parameters.With(directoryId).WithText(externalId).WithText(nameKey);
        return await ReadOneAsync(command, cancellationToken);
    }

    private static async Task<GroupRow?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? GroupRow.ReadShown(reader) : null;
    }

    /// <summary>Inserts a group. Returns it with the counters of its ETag.</summary>
    /// <exception cref="ScimException">uniqueness.</exception>
    internal static async Task<GroupRow> InsertAsync(NpgsqlTransaction transaction, GroupRow group, EventRow created, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"""
            WITH changed AS (
              INSERT INTO groups (id, account_id, directory_id, scim_id, version, scim_version, console_disabled, console_deleted, removed,
                document, created_at, modified_at, display_name_key, external_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
              RETURNING id),
            {EventRow.InsertCte("changed", 15)}
            SELECT {DerivedVersions.DisplaysOf("$3")}
            """, transaction.Connection, transaction);
        BindRow(command.Parameters.With(group.Id).With(group.AccountId).WithUuid(group.DirectoryId).With(group.ScimId), group);
        created.Bind(command.Parameters);
        return group with { Displays = await ExecuteAsync(command, group, cancellationToken) };
    }

    /// <summary>
    /// Updates a group whose row <paramref name="transaction"/> has locked. The members of the old incarnation are deleted when
    /// the group is removed or gets a new incarnation.
    /// </summary>
    /// <exception cref="ScimException">uniqueness.</exception>
    internal static async Task UpdateAsync(
        NpgsqlTransaction transaction, GroupRow before, GroupRow after, EventRow changed, CancellationToken cancellationToken)
    {
        var leave = after.State.Removed || after.ScimId != before.ScimId
            ? "left_members AS (DELETE FROM group_members USING changed WHERE group_scim_id = $12),"
            : "";
        await using var command = new NpgsqlCommand($"""
            WITH changed AS (
              UPDATE groups SET version = $2, scim_version = $3, console_disabled = $4, console_deleted = $5, removed = $6,
                document = $7, created_at = $8, modified_at = $9, display_name_key = $10, external_id = $11, scim_id = $13,
                holds_external_id = holds_external_id OR removed OR console_deleted OR external_id IS DISTINCT FROM $11
              WHERE id = $1
              RETURNING id),
            {leave}
            {EventRow.InsertCte("changed", 14)}
            SELECT count(*) FROM logged
            """, transaction.Connection, transaction);
        BindRow(command.Parameters.With(after.Id), after);
        changed.Bind(command.Parameters.With(before.ScimId).With(after.ScimId));
        await ExecuteAsync(command, after, cancellationToken);
    }

    private static void BindRow(NpgsqlParameterCollection parameters, GroupRow group) =>
        parameters.With(group.Version).With(group.ScimVersion)
            .With(group.State.ConsoleDisabled).With(group.State.ConsoleDeleted).With(group.State.Removed)
            .WithJson(group.Stored.Utf8).With(group.CreatedAt).With(group.ModifiedAt)
            .WithText(group.DisplayNameKey).WithText(group.ExternalId);

    private static async Task<long> ExecuteAsync(NpgsqlCommand command, GroupRow group, CancellationToken cancellationToken)
    {
        try
        {
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException error) when (error.Violates(NameIndex) || error.Violates(UserDefinedNameIndex))
        {
            throw ScimException.Uniqueness($"A group with the displayName '{group.DisplayName}' exists in this directory. Match it by a filter on displayName and update it.");
        }
        catch (PostgresException error) when (error.Violates(ExternalIdIndex))
        {
            throw ScimException.Uniqueness($"A group with the externalId '{group.ExternalId}' exists in this directory. Match it by a filter on externalId and update it.");
        }
    }
}
