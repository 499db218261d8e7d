using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Admin;

/// <summary>
/// The first account and its owner's API key, made by <c>--migrate</c> when <c>Bootstrap:AdminApiKey</c> is configured.
/// A key that differs from the one of the last time replaces it; everything else stays.
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
        await using var command = db.CreateCommand("""
            WITH made AS (
              INSERT INTO accounts (id, name, created_at) SELECT gen_random_uuid(), $1, now() WHERE NOT EXISTS (SELECT FROM accounts)
              RETURNING id),
            account AS (SELECT id FROM made UNION ALL (SELECT id FROM accounts ORDER BY created_at, id LIMIT 1)),
            replaced AS (UPDATE api_keys SET revoked_at = now() WHERE name = $2 AND key_id <> $3 AND revoked_at IS NULL)
            INSERT INTO api_keys (key_id, account_id, name, role, secret_hash, created_at) SELECT $3, id, $2, 'owner', $4, now() FROM account
            ON CONFLICT (key_id) DO UPDATE SET secret_hash = excluded.secret_hash, revoked_at = NULL
            """);
        command.Parameters.With(configuration["Bootstrap:AccountName"] ?? "Demo").With(KeyName).With(key.KeyId).With(key.Hash);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
