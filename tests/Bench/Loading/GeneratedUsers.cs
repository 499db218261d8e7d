using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Bench.Loading;

/// <summary>
/// Users and groups of a directory by COPY, past the service: what the service derives is filled, but there are no
/// events, and nobody is told. License and policy services do not know these users.
/// </summary>
internal sealed class GeneratedUsers(NpgsqlDataSource database, Guid directory)
{
    internal static string UserName(int number) => string.Create(CultureInfo.InvariantCulture, $"person.{number:0000000}@load.example");

    internal static string ExternalId(int number) => string.Create(CultureInfo.InvariantCulture, $"load-{number:0000000}");

    /// <summary>Adds the users numbered from <paramref name="first"/> to <paramref name="last"/>, all or none.</summary>
    internal async Task AddUsersAsync(int first, int last, CancellationToken cancellationToken)
    {
        var account = await AccountAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await CopyAsync(connection, account, first, last, cancellationToken);
        await ExecuteAsync(connection, """
            INSERT INTO user_lookups (directory_id, slot, key, user_id)
            SELECT directory_id, 0, user_name_key, id FROM users WHERE directory_id = $1 AND user_name_key BETWEEN $2 AND $3
            """, cancellationToken, directory, UserName(first), UserName(last));
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task CopyAsync(NpgsqlConnection connection, Guid account, int first, int last, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var copy = await connection.BeginBinaryImportAsync("""
            COPY users (id, account_id, directory_id, scim_id, version, scim_version, idp_active, document, created_at, modified_at,
              user_name_key, external_id, email, display_name, display_name_key) FROM STDIN (FORMAT binary)
            """, cancellationToken);
        for (var number = first; number <= last; number++)
        {
            var (userName, displayName) = (UserName(number), string.Create(CultureInfo.InvariantCulture, $"Person {number:0000000}"));
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(Guid.NewGuid(), cancellationToken);
            await copy.WriteAsync(account, cancellationToken);
            await copy.WriteAsync(directory, cancellationToken);
            await copy.WriteAsync(Guid.NewGuid(), cancellationToken);
            await copy.WriteAsync(1L, cancellationToken);
            await copy.WriteAsync(1L, cancellationToken);
            await copy.WriteAsync(true, cancellationToken);
            await copy.WriteAsync(JsonSerializer.Serialize(Person.Attributes(userName, ExternalId(number), displayName)), NpgsqlDbType.Jsonb, cancellationToken);
            await copy.WriteAsync(now, cancellationToken);
            await copy.WriteAsync(now, cancellationToken);
            await copy.WriteAsync(userName, cancellationToken);
            await copy.WriteAsync(ExternalId(number), cancellationToken);
            await copy.WriteAsync(userName, cancellationToken);
            await copy.WriteAsync(displayName, cancellationToken);
            await copy.WriteAsync(displayName.ToLowerInvariant(), cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>A group of that many loaded users; its SCIM id.</summary>
    internal async Task<Guid> AddGroupAsync(string displayName, int members, CancellationToken cancellationToken)
    {
        var scimId = Guid.NewGuid();
        await using var batch = database.CreateBatch();
        Add("""
            INSERT INTO groups (id, account_id, directory_id, scim_id, version, scim_version, display_name_key, document, created_at, modified_at)
            SELECT gen_random_uuid(), account_id, id, $2, 1, 1, lower($3), jsonb_build_object('displayName', $3), now(), now() FROM directories WHERE id = $1
            """, directory, scimId, displayName);
        Add("""
            INSERT INTO group_members (group_scim_id, user_scim_id, account_id)
            SELECT $2, scim_id, account_id FROM users WHERE directory_id = $1 AND NOT removed AND user_name_key LIKE 'person.%' ORDER BY user_name_key LIMIT $3
            """, directory, scimId, members);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return scimId;

        void Add(string sql, params ReadOnlySpan<object> values)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
            command.Parameters[^1].NpgsqlDbType = values[^1] is string ? NpgsqlDbType.Text : NpgsqlDbType.Integer;
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>SCIM ids of the first loaded users, in the order in which <see cref="AddGroupAsync"/> takes them.</summary>
    internal async Task<IReadOnlyList<Guid>> IdsAsync(int count, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT scim_id FROM users WHERE directory_id = $1 AND NOT removed AND user_name_key LIKE 'person.%' ORDER BY user_name_key LIMIT $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = directory });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        var ids = new List<Guid>(count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    /// <summary>A PATCH body of one operation.</summary>
    internal static string Patch(string operation) => $$"""{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{{operation}}]}""";

    /// <summary>What a server does by itself after a while, and a measurement must not meet half done.</summary>
    internal async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var statement in new[] { "VACUUM (ANALYZE) users, groups, group_members, user_lookups, bucket_counts", "CHECKPOINT" })
        {
            await using var command = database.CreateCommand(statement);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Guid> AccountAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT account_id FROM directories WHERE id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = directory });
        return (Guid?)await command.ExecuteScalarAsync(cancellationToken) ?? throw new InvalidOperationException($"There is no directory {directory} to load.");
    }
}
