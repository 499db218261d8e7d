using Npgsql;

namespace DirectoryService.Tests.Storage;

/// <summary>Whole documents are left out of what ANALYZE samples, in partitions that are made later too.</summary>
public sealed class StatisticsTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task No_document_is_sampled()
    {
        await using var owner = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        await using var connection = await owner.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var later = new NpgsqlCommand("SELECT ensure_event_partitions('2100-01-15', 0)", connection, transaction))
            Assert.Equal(1, await later.ExecuteScalarAsync(TestContext.Current.CancellationToken));

        await using var sampled = new NpgsqlCommand("""
            SELECT attrelid::regclass || '.' || attname FROM pg_attribute
            WHERE attrelid IN ('users'::regclass, 'groups'::regclass, 'events'::regclass, 'events_210001'::regclass)
              AND attname IN ('document', 'payload', 'details', 'actor') AND attstattarget IS DISTINCT FROM 0
            """, connection, transaction);
        Assert.Null(await sampled.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
