using Npgsql;

namespace DirectoryService.Tests.Lists;

public sealed class ScanLimitTests(DirectoryFixture fixture)
{
    /// <summary>A table that nobody may read for the time being stands for one that takes too long to read.</summary>
    [Fact]
    public async Task A_search_that_reads_too_long_is_stopped_and_says_how_to_narrow_it()
    {
        var scim = await fixture.DirectoryAsync();
        await scim.CreateGroupAsync("Team");
        await using var owner = NpgsqlDataSource.Create(fixture.OwnerConnectionString);
        await using var connection = await owner.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = new NpgsqlCommand("LOCK TABLE group_members IN ACCESS EXCLUSIVE MODE", connection, transaction);
            await command.ExecuteNonQueryAsync();
            var refused = (await scim.FilterAsync("Groups", "members.display co \"x\"")).Refused(400, "tooMany");
            Assert.Contains("5 seconds", refused.Detail, StringComparison.Ordinal);
        }
        Assert.Equal(0, (await scim.FilterAsync("Groups", "members.display co \"x\"")).Total);
    }
}
