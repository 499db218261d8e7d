using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Admin.Access;

/// <summary>
/// The first account and its owner's API key, made by <c>--migrate</c> when <c>Bootstrap:AdminApiKey</c> is configured and there is no
/// account yet. After that the setting changes nothing: a key that somebody revoked stays revoked.
/// </summary>
internal static class Bootstrap
{
    private const string KeyName = "Bootstrap";
    private const int ShortestKey = 50;

    internal static async Task RunAsync(IConfiguration configuration, string connectionString, CancellationToken cancellationToken)
    {
        if (configuration["Bootstrap:AdminApiKey"] is not { Length: > 0 } text) return;
        if (text.Length < ShortestKey || Secret.Parse(Secret.Api, text) is not { } key)
            throw new InvalidOperationException("Bootstrap:AdminApiKey must read prov_KEYID_SECRET with a secret of at least 43 characters. Generate one with: openssl rand -hex 32");
        await using var db = NpgsqlDataSource.Create(connectionString);
        if (!await TryCreateAsync(db, configuration["Bootstrap:AccountName"] ?? "Demo", key, cancellationToken) && !await IsLiveAsync(db, key, cancellationToken))
            await Console.Out.WriteLineAsync("There is an account already, so Bootstrap:AdminApiKey was not used: make API keys by POST /api/v1/api-keys.");
    }

    private static async Task<bool> TryCreateAsync(NpgsqlDataSource db, string accountName, Secret key, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("""
            WITH account AS (
              INSERT INTO accounts (id, name, created_at) SELECT gen_random_uuid(), $1, now() WHERE NOT EXISTS (SELECT FROM accounts)
              RETURNING id)
            INSERT INTO api_keys (key_id, account_id, name, role, secret_hash, created_at) SELECT $3, id, $2, 'owner', $4, now() FROM account
            """);
        command.Parameters.With(accountName).With(KeyName).With(key.KeyId).With(key.Hash);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static async Task<bool> IsLiveAsync(NpgsqlDataSource db, Secret key, CancellationToken cancellationToken)
    {
        await using var command = db.CreateCommand("SELECT EXISTS (SELECT FROM api_keys WHERE key_id = $1 AND secret_hash = $2 AND revoked_at IS NULL)");
        command.Parameters.With(key.KeyId).With(key.Hash);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
