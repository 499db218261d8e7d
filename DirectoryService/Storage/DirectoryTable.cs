using Contracts.Events.V1;
using DirectoryService.Admin;
using DirectoryService.Events;
using DirectoryService.Lifecycle;
using DirectoryService.Protocol;
using Npgsql;

namespace DirectoryService.Storage;

/// <summary>A row of <c>directories</c>.</summary>
internal sealed record DirectoryRow(Guid Id, Guid AccountId, string Name, string Provider, string Rule, bool LookupReleases, DateTimeOffset CreatedAt, DateTimeOffset? DeletedAt);

internal sealed class DirectoryTable(NpgsqlDataSource db, OutboxSignal outbox)
{
    private const string Columns = "id, account_id, name, provider, conflict_rule, lookup_releases, created_at, deleted_at";

    internal async Task<IReadOnlyList<DirectoryRow>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {Columns} FROM directories WHERE account_id = $1 AND deleted_at IS NULL ORDER BY created_at, id");
        command.Parameters.With(accountId);
        var directories = new List<DirectoryRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) directories.Add(Read(reader));
        return directories;
    }

    internal async Task<DirectoryRow?> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"SELECT {Columns} FROM directories WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL");
        command.Parameters.With(accountId).With(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    /// <summary>Makes a directory and its first token, both or neither. False when the account has a directory of that name.</summary>
    internal async Task<bool> InsertAsync(DirectoryRow directory, Secret token, DateTimeOffset tokenExpiresAt, Actor actor, CancellationToken cancellationToken)
    {
        var created = EventRow.Of(new DirectoryChanged
        {
            EventId = Guid.NewGuid(),
            AccountId = directory.AccountId,
            DirectoryId = directory.Id,
            Version = 1,
            Name = directory.Name,
            Provider = directory.Provider,
            Deleted = false,
            Change = Change.Created,
            Actor = actor,
            At = directory.CreatedAt,
        });
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              INSERT INTO directories (id, account_id, name, name_key, provider, conflict_rule, lookup_releases, version, created_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
              ON CONFLICT DO NOTHING RETURNING id),
            token AS (
              INSERT INTO scim_tokens (key_id, account_id, directory_id, slot, secret_hash, created_at, expires_at)
              SELECT $9, $2, id, 1, $10, $8, $11 FROM changed),
            {EventRow.InsertCte("changed", 12)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(directory.Id).With(directory.AccountId).With(directory.Name).With(ScimText.Canonical(directory.Name))
            .With(directory.Provider).With(directory.Rule).With(directory.LookupReleases).With(directory.CreatedAt)
            .With(token.KeyId).With(token.Hash).With(tokenExpiresAt);
        created.Bind(command.Parameters);
        var made = (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
        if (made) outbox.Set();
        return made;
    }

    /// <summary>False when the account has no such directory.</summary>
    /// <exception cref="PostgresException">A foreign key holds it: single sign-on uses it.</exception>
    internal async Task<bool> DeleteAsync(Guid accountId, Guid id, Actor actor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await FindAsync(accountId, id, cancellationToken) is not { } directory) return false;
        // A directory has two events in its life: it was created, and it was deleted.
        var deleted = EventRow.Of(new DirectoryChanged
        {
            EventId = Guid.NewGuid(),
            AccountId = accountId,
            DirectoryId = id,
            Version = 2,
            Name = directory.Name,
            Provider = directory.Provider,
            Deleted = true,
            Change = Change.Deleted,
            Actor = actor,
            At = now,
        });
        await using var command = db.CreateCommand($"""
            WITH changed AS (
              UPDATE directories SET deleted_at = $3, version = 2 WHERE account_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id),
            revoked AS (UPDATE scim_tokens SET revoked_at = $3 WHERE directory_id IN (SELECT id FROM changed) AND revoked_at IS NULL),
            {EventRow.InsertCte("changed", 4)}
            SELECT count(*) FROM logged
            """);
        command.Parameters.With(accountId).With(id).With(now);
        deleted.Bind(command.Parameters);
        var made = (long)(await command.ExecuteScalarAsync(cancellationToken))! == 1;
        if (made) outbox.Set();
        return made;
    }

    internal static string RuleName(ConflictRule rule) => rule switch
    {
        ConflictRule.Preserve => "preserve",
        ConflictRule.Override => "override",
    };

    private static DirectoryRow Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetBoolean(5),
        reader.GetFieldValue<DateTimeOffset>(6), reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7));
}
