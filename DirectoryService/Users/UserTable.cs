using DirectoryService.Events;
using DirectoryService.Groups;
using DirectoryService.Lists;
using DirectoryService.Protocol;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Users;

/// <summary>Reads and writes users of one directory. Each write is one statement: row, event and outbox row, or none of them.</summary>
internal sealed class UserTable(NpgsqlDataSource db, OutboxSignal outbox)
{
    private const string UserNameIndex = "users_user_name";
    private const string ManualUserNameIndex = "users_manual_user_name";

    internal static ScimException UserNameTaken(string userName) => ScimException.Uniqueness(
        $"A user with the userName '{userName}' exists in this directory, or was deleted in the console and not purged. Match it by a filter on userName and update it.");

    /// <summary>Finds a user with its groups; null when it is unknown or removed.</summary>
    internal async Task<UserRow?> FindAsync(Guid directoryId, Guid scimId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            $"SELECT {UserRow.ShownColumns} FROM users WHERE directory_id = $1 AND scim_id = $2 AND NOT removed");
        command.Parameters.With(directoryId).With(scimId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? UserRow.ReadShown(reader) : null;
    }

    /// <summary>
    /// Finds the user that a POST with this name must be compared with: the one that is visible to SCIM or deleted in the
    /// console; otherwise the last removed one with that externalId; otherwise null.
    /// </summary>
    internal async Task<UserRow?> FindByNameAsync(Guid directoryId, string userNameKey, string? externalId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"""
            SELECT {UserRow.ShownColumns} FROM users
            WHERE directory_id = $1 AND user_name_key = $2 AND (NOT removed OR external_id = $3)
            ORDER BY removed, modified_at DESC LIMIT 1
            """);
        command.Parameters.With(directoryId).WithText(userNameKey).WithText(externalId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? UserRow.ReadShown(reader) : null;
    }

    /// <summary>Finds the last removed user with that name and externalId, even if another user has the name now.</summary>
    internal async Task<UserRow?> FindRemovedAsync(Guid directoryId, string userNameKey, string? externalId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"""
            SELECT {UserRow.Columns} FROM users
            WHERE directory_id = $1 AND user_name_key = $2 AND external_id = $3 AND removed
            ORDER BY modified_at DESC LIMIT 1
            """);
        command.Parameters.With(directoryId).WithText(userNameKey).WithText(externalId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? UserRow.Read(reader) : null;
    }

    /// <summary>Finds a user of the account by its internal id, in any state.</summary>
    internal async Task<UserRow?> FindByIdAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {UserRow.Columns} FROM users WHERE account_id = $1 AND id = $2");
        command.Parameters.With(accountId).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? UserRow.Read(reader) : null;
    }

    /// <summary>Stores that the IdP looked these users up; only for users with a console flag.</summary>
    internal async Task UpdateLookedUpAtAsync(IReadOnlyCollection<Guid> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("UPDATE users SET looked_up_at = $2 WHERE id = ANY($1) AND (console_disabled OR console_deleted) AND NOT removed");
        command.Parameters.With(ids.ToArray()).With(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Updates a user with optimistic concurrency: false when its version is no longer that of <paramref name="before"/>. A
    /// removed user loses its memberships; the fact about the user implies that, so there are no facts about edges.
    /// </summary>
    /// <param name="searched">The directory's search attributes; empty when the document does not change.</param>
    /// <exception cref="ScimException">uniqueness.</exception>
    internal async Task<bool> UpdateAsync(
        UserRow before, UserRow after, EventRow changed, IReadOnlyList<SearchAttribute> searched, CancellationToken cancellationToken)
    {
        var leave = DerivedVersions.IsRemoval(before, after)
            ? "left_groups AS (DELETE FROM group_members USING changed WHERE user_scim_id = $19 RETURNING group_scim_id),"
            : "";
        var retire = after.ScimId != before.ScimId
            ? "retired AS (INSERT INTO retired_scim_ids (directory_id, scim_id, account_id) SELECT directory_id, $19, account_id FROM changed),"
            : "";
        var lookups = UserLookups.Between(before, after, searched);
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              UPDATE users SET version = $3, scim_version = $4, idp_active = $5, console_disabled = $6, console_deleted = $7,
                released = $8, removed = $9, deactivations = $10, document = $11, created_at = $12, modified_at = $13,
                user_name_key = $14, external_id = $15, email = $16, display_name = $17, display_name_key = $18,
                scim_id = $20, looked_up_at = NULL
              WHERE id = $1 AND version = $2
              RETURNING id, account_id, directory_id),
            {leave}
            {DerivedVersions.Cte(before, after)}
            {retire}
            {lookups.Cte("changed", 21 + EventRow.ParameterCount)}
            {EventRow.InsertCte("changed", 21)}
            SELECT count(*) FROM logged
            """);
        BindRow(command.Parameters.With(before.Id).With(before.Version), after);
        changed.Bind(command.Parameters.With(before.ScimId).With(after.ScimId));
        lookups.Bind(command.Parameters);
        return await ExecuteAsync(command, after, cancellationToken);
    }

    private static void BindRow(NpgsqlParameterCollection parameters, UserRow user)
    {
        var columns = user.Derived;
        parameters.With(user.Version).With(user.ScimVersion)
            .With(user.State.IdpActive).With(user.State.ConsoleDisabled).With(user.State.ConsoleDeleted)
            .With(user.State.Released).With(user.State.Removed).With(user.Deactivations)
            .WithJson(user.Stored.Utf8).With(user.CreatedAt).With(user.ModifiedAt)
            .WithText(columns.UserNameKey).WithText(columns.ExternalId).WithText(columns.Email).WithText(columns.DisplayName)
            .WithText(columns.DisplayNameKey);
    }

    private async Task<bool> ExecuteAsync(NpgsqlCommand command, UserRow user, CancellationToken cancellationToken)
    {
        try
        {
            var made = (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
            if (made) outbox.SignalWritten();
            return made;
        }
        catch (PostgresException error) when (error.Violates(UserNameIndex) || error.Violates(ManualUserNameIndex))
        {
            throw UserNameTaken(user.Derived.UserName);
        }
    }
}
