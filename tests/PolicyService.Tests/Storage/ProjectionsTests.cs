using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace PolicyService.Tests.Storage;

public sealed class ProjectionsTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    /// <summary>Without one order of locks these facts deadlock within a few rounds.</summary>
    [Fact]
    public async Task Facts_about_the_same_edges_in_opposite_orders_do_not_wait_for_each_other()
    {
        var users = Enumerable.Range(0, MembersChanged.MaxEdges).Select(i => new TestUser(account, $"user{i}")).ToArray();
        var staff = new TestGroup(account, "Staff");
        var forwards = Enumerable.Range(0, 12).Select(_ => staff.Members(true, users)).ToList();
        Array.Reverse(users);
        var backwards = Enumerable.Range(0, 12).Select(_ => staff.Members(false, users)).ToList();
        await Parallel.ForEachAsync(
            forwards.Zip(backwards).SelectMany(pair => (MembersChanged[])[pair.First, pair.Second]),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (fact, _) => await system.ApplyAsync(fact));
        Assert.DoesNotContain(await TableRows.ReadAsync(system, account), row => row.Contains(" true ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fact_that_names_an_edge_twice_means_its_last_word()
    {
        var (ada, group, scim) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        await system.ApplyAsync(Facts.Members(1, account, group, scim, (ada, ada, true), (ada, ada, false)));
        Assert.Equal([$"edge {group} {scim} {ada} {ada} false 1"], await TableRows.ReadAsync(system, account));
    }

    [Theory]
    [InlineData("DELETE FROM membership_history WHERE account_id = $1")]
    [InlineData("TRUNCATE users, edges -- $1")]
    [InlineData("UPDATE membership_changes SET position = 1 WHERE account_id = $1")]
    [InlineData("ALTER TABLE users ADD COLUMN x uuid DEFAULT $1")]
    public async Task The_application_role_has_only_the_rights_it_needs(string sql)
    {
        await using var command = system.Services.GetRequiredService<NpgsqlDataSource>()
            .CreateCommand(sql.Replace("$1", $"'{account}'", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }
}
