using Npgsql;
using ServiceDefaults.Migrations;
using Testing;

namespace ServiceDefaults.Tests;

/// <summary>This assembly embeds one migration of its own, <c>Migrations/0001_things.sql</c>.</summary>
public sealed class DatabaseMigrationTests
{
    [Fact]
    public async Task Any_number_of_replicas_may_migrate_at_once()
    {
        await using var database = await TestDatabase.CreateAsync("things", typeof(DatabaseMigrationTests).Assembly);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => MigrateAsync(database.AdminConnectionString, "app-password-of-tests")));
        Assert.Equal(1L, await ScalarAsync(database.ConnectionString, "SELECT count(*) FROM things"));
    }

    [Fact]
    public async Task The_application_role_has_only_the_rights_that_the_scripts_gave_it()
    {
        await using var database = await TestDatabase.CreateAsync("things", typeof(DatabaseMigrationTests).Assembly);
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(database.ConnectionString, "DELETE FROM things RETURNING 1"));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(database.ConnectionString, "CREATE TABLE mine (x int)"));
        Assert.Equal("things_owner", (string)(await ObjectAsync(database.ConnectionString, "SELECT tableowner FROM pg_tables WHERE tablename = 'things'"))!);
    }

    [Fact]
    public async Task A_rotated_password_takes_effect_at_the_next_migration()
    {
        await using var database = await TestDatabase.CreateAsync("rotated", typeof(DatabaseMigrationTests).Assembly);
        await MigrateAsync(database.AdminConnectionString, "another 'quoted' password", "rotated");
        var old = await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(database.ConnectionString + ";Pooling=false", "SELECT 1::bigint"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, old.SqlState);
        var renewed = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = "another 'quoted' password" };
        Assert.Equal(1L, await ScalarAsync(renewed.ConnectionString, "SELECT 1::bigint"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Things")]
    [InlineData("x; DROP ROLE y")]
    public async Task A_name_that_is_no_service_is_refused(string service)
    {
        await using var database = await TestDatabase.CreateAsync("things", typeof(DatabaseMigrationTests).Assembly);
        await Assert.ThrowsAsync<ArgumentException>(() => MigrateAsync(database.AdminConnectionString, "p", service));
    }

    private static Task MigrateAsync(string admin, string password, string service = "things") =>
        DatabaseMigration.RunAsync(admin, service, password, typeof(DatabaseMigrationTests).Assembly, _ => { }, CancellationToken.None);

    private static async Task<long> ScalarAsync(string connection, string sql) => Convert.ToInt64(await ObjectAsync(connection, sql), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<object?> ObjectAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
