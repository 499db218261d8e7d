using Npgsql;
using Testing;

namespace DirectoryService.Tests.Lists;

/// <summary>What the server's own maintenance of large tables may cost, in partitions that are made later too.</summary>
public sealed class StatisticsTests(DirectoryFixture fixture)
{
    [Fact]
    public Task No_document_is_sampled() => WithLaterPartitionAsync(async connection =>
    {
        await using var sampled = new NpgsqlCommand("""
            SELECT attrelid::regclass || '.' || attname FROM pg_attribute
            WHERE attrelid IN ('users'::regclass, 'groups'::regclass, 'events'::regclass, 'events_210001'::regclass)
              AND attname IN ('document', 'payload', 'details', 'actor') AND attstattarget IS DISTINCT FROM 0
            """, connection);
        Assert.Null(await sampled.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    });

    [Fact]
    public Task What_grows_with_the_directory_is_maintained_gently() => WithLaterPartitionAsync(async connection =>
        Assert.Empty(await TableMaintenance.ComplaintsAsync(connection, "users", "user_lookups", "sealed", "events", "events_default", "events_210001", await ThisMonthAsync(connection))));

    /// <summary>The partition that was there before migration 0007.</summary>
    private static async Task<string> ThisMonthAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT 'events_' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')", connection);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task WithLaterPartitionAsync(Func<NpgsqlConnection, Task> look)
    {
        await using var owner = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var later = new NpgsqlCommand("SELECT ensure_event_partitions('2100-01-15', 0)", connection, transaction))
            Assert.Equal(1, await later.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        await look(connection);
    }
}
