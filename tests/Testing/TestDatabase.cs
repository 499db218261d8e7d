using System.Reflection;
using Npgsql;
using ServiceDefaults.Migrations;

namespace Testing;

/// <summary>A database of its own, migrated as in production and dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private const string AppPassword = "app-password-of-tests";

    private TestDatabase(string admin, string app) => (AdminConnectionString, ConnectionString) = (admin, app);

    /// <summary>Connects as the server's superuser.</summary>
    public string AdminConnectionString { get; }

    /// <summary>Connects as the service's application role, with only its rights.</summary>
    public string ConnectionString { get; }

    /// <param name="service">Short name, such as <c>license</c>: its roles are <c>license_owner</c> and <c>license_app</c>.</param>
    /// <param name="scripts">The service's assembly, which embeds its migrations.</param>
    public static async Task<TestDatabase> CreateAsync(string service, Assembly scripts)
    {
        var name = $"test_{service}_{Guid.NewGuid():n}";
        await ExecuteOnServerAsync($"CREATE DATABASE {name}");
        var admin = new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Database = name };
        var app = new NpgsqlConnectionStringBuilder(admin.ConnectionString)
        {
            Username = service + "_app",
            Password = AppPassword,
            MaxPoolSize = 20,
        };
        await DatabaseMigration.RunAsync(admin.ConnectionString, service, AppPassword, scripts, _ => { }, CancellationToken.None);
        return new TestDatabase(admin.ConnectionString, app.ConnectionString);
    }

    public async ValueTask DisposeAsync() =>
        await ExecuteOnServerAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(AdminConnectionString).Database} WITH (FORCE)");

    private static async Task ExecuteOnServerAsync(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(TestServers.Postgres) { Database = "postgres", Pooling = false };
        await using var source = NpgsqlDataSource.Create(server);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
