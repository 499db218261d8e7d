using DirectoryService.Admin.Access;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Testing;

namespace DirectoryService.Tests.Admin;

/// <summary>The first account's key, which <c>--migrate</c> makes once.</summary>
public sealed class BootstrapTests : IAsyncLifetime
{
    private const string First = "prov_first_0123456789-0123456789_0123456789-0123456789", Second = "prov_second_0123456789-0123456789_0123456789-0123456789";

    private TestDatabase database = null!;
    private NpgsqlDataSource db = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync("directory", typeof(DirectoryApp).Assembly);
        db = NpgsqlDataSource.Create(database.AdminConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await db.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task The_first_migration_makes_an_account_and_its_owners_key()
    {
        await MigrateAsync(First);
        await MigrateAsync(First);
        Assert.Equal(["first owner live"], await KeysAsync());
    }

    [Fact]
    public async Task A_revoked_bootstrap_key_stays_revoked_at_the_next_migration()
    {
        await MigrateAsync(First);
        await ExecuteAsync("UPDATE api_keys SET revoked_at = now()");
        await MigrateAsync(First);
        Assert.Equal(["first owner revoked"], await KeysAsync());
    }

    [Fact]
    public async Task Another_bootstrap_key_revokes_nobodys_key_whatever_its_name()
    {
        await MigrateAsync(First);
        await ExecuteAsync("""
            WITH other AS (INSERT INTO accounts (id, name, created_at) VALUES (gen_random_uuid(), 'Other', now()) RETURNING id)
            INSERT INTO api_keys (key_id, account_id, name, role, secret_hash, created_at) SELECT 'theirs', id, 'Bootstrap', 'admin', sha256('other'), now() FROM other
            """);
        await MigrateAsync(Second);
        Assert.Equal(["first owner live", "theirs admin live"], await KeysAsync());
    }

    private Task MigrateAsync(string key) => Bootstrap.RunAsync(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Bootstrap:AdminApiKey"] = key }).Build(), database.AdminConnectionString, CancellationToken.None);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        await using var command = db.CreateCommand("SELECT key_id || ' ' || role || CASE WHEN revoked_at IS NULL THEN ' live' ELSE ' revoked' END FROM api_keys ORDER BY key_id");
        await using var reader = await command.ExecuteReaderAsync();
        var keys = new List<string>();
        while (await reader.ReadAsync()) keys.Add(reader.GetString(0));
        return keys;
    }
}
