using DirectoryService.Admin.Access;
using DirectoryService.Lifecycle;
using DirectoryService.Lists;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary>Reads and writes SCIM tokens; a directory has at most two live ones.</summary>
internal sealed class ScimTokenTable(NpgsqlDataSource db)
{
    internal sealed record LiveToken(byte[] Hash, DirectoryContext Directory, DateTimeOffset ExpiresAt);

    internal sealed record Listed(string KeyId, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

    /// <summary>Finds a token; null when it is unknown, revoked, or of a deleted directory.</summary>
    internal async Task<LiveToken?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand($"""
            SELECT t.secret_hash, d.account_id, d.id, d.name, d.provider, d.conflict_rule, t.expires_at, d.lookup_releases, d.unknown_members, {SearchAttributeTable.Sql}
            FROM scim_tokens t JOIN directories d ON d.id = t.directory_id
            WHERE t.key_id = $1 AND t.revoked_at IS NULL AND d.deleted_at IS NULL
            """);
        command.Parameters.With(keyId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        var rule = reader.GetString(5) == "override" ? ConflictRule.Override : ConflictRule.Preserve;
        var directory = new DirectoryContext(reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4), rule, reader.GetBoolean(7), reader.GetString(8) == "skip", keyId,
            SearchAttributeTable.Read(reader, 9));
        return new LiveToken(reader.GetFieldValue<byte[]>(0), directory, reader.GetFieldValue<DateTimeOffset>(6));
    }

    /// <summary>Inserts a token. Returns false when the directory already has two live tokens; expired ones are replaced.</summary>
    internal async Task<bool> InsertAsync(Guid accountId, Guid directoryId, Secret token, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        await using var batch = db.CreateBatch();
        var expire = new NpgsqlBatchCommand(
            "UPDATE scim_tokens SET revoked_at = $2 WHERE directory_id = $1 AND revoked_at IS NULL AND expires_at <= $2");
        expire.Parameters.With(directoryId).With(now);
        var insert = new NpgsqlBatchCommand("""
            INSERT INTO scim_tokens (key_id, account_id, directory_id, slot, secret_hash, created_at, expires_at)
            SELECT $1, $2, $3, slot, $4, $5, $6 FROM (VALUES (1::smallint), (2::smallint)) AS slots (slot)
            WHERE NOT EXISTS (SELECT FROM scim_tokens t WHERE t.directory_id = $3 AND t.slot = slots.slot AND t.revoked_at IS NULL)
            ORDER BY slot LIMIT 1
            ON CONFLICT DO NOTHING
            """);
        insert.Parameters.With(token.KeyId).With(accountId).With(directoryId).With(token.Hash).With(now).With(expiresAt);
        batch.BatchCommands.Add(expire);
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return insert.RecordsAffected == 1;
    }

    internal async Task<IReadOnlyList<Listed>> ListAsync(Guid accountId, Guid directoryId, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            SELECT key_id, created_at, expires_at, last_used_at FROM scim_tokens
            WHERE account_id = $1 AND directory_id = $2 AND revoked_at IS NULL ORDER BY created_at
            """);
        command.Parameters.With(accountId).With(directoryId);
        var tokens = new List<Listed>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            tokens.Add(new Listed(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
        return tokens;
    }

    internal async Task<bool> RevokeAsync(Guid accountId, Guid directoryId, string keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand(
            "UPDATE scim_tokens SET revoked_at = $4 WHERE account_id = $1 AND directory_id = $2 AND key_id = $3 AND revoked_at IS NULL");
        command.Parameters.With(accountId).With(directoryId).With(keyId).With(now);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    internal async Task TouchAsync(string keyId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("UPDATE scim_tokens SET last_used_at = $2 WHERE key_id = $1");
        command.Parameters.With(keyId).With(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
