using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Pools;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Storage;
using Testing;

namespace LicenseService.Tests.Storage;

/// <summary>What the database holds by itself, whatever code comes to ask.</summary>
public sealed class SeatConstraintTests(LicenseSystem system)
{
    private const string GiveMany =
        """
        INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, manual_at)
        SELECT $1, $2, 'ZTNA', gen_random_uuid(), 0, now(), 'system', 'test', now() FROM generate_series(1, $3)
        """;

    private readonly Guid account = Guid.NewGuid();

    private NpgsqlDataSource Database => system.Services.GetRequiredService<NpgsqlDataSource>();

    private async Task<Pool> PoolAsync(int seats) =>
        (await system.Services.GetRequiredService<PoolStore>().CreateAsync(account, Products.Ztna, seats, Facts.Actor, CancellationToken.None))!.Pool;

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Database.CreateCommand(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    private async Task<Pool> AsItIsAsync(Pool pool) =>
        (await system.Services.GetRequiredService<PoolStore>().FindAsync(account, pool.Id, CancellationToken.None))!.Pool;

    [Fact]
    public async Task A_batch_of_grants_is_counted_as_one_and_refused_as_one_when_it_would_oversell()
    {
        var pool = await PoolAsync(seats: 10);
        await ExecuteAsync(GiveMany, account, pool.Id, 8);
        Assert.Equal(8, (await AsItIsAsync(pool)).Used);
        var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(GiveMany, account, pool.Id, 3));
        Assert.Equal("never_oversold", error.ConstraintName);
        Assert.Equal(8, (await AsItIsAsync(pool)).Used);
        await ExecuteAsync("DELETE FROM grants WHERE account_id = $1", account);
        Assert.Equal(0, (await AsItIsAsync(pool)).Used);
    }

    [Theory]
    [InlineData("UPDATE pools SET used = 0 WHERE account_id = $1")]
    [InlineData("UPDATE grants SET deactivations = 99 WHERE account_id = $1")]
    [InlineData("UPDATE grant_history SET reason = 'other' WHERE account_id = $1")]
    [InlineData("DELETE FROM grant_history WHERE account_id = $1")]
    [InlineData("TRUNCATE users -- $1")]
    [InlineData("DELETE FROM pools WHERE account_id = $1")]
    public async Task The_application_role_may_not_bend_the_books(string sql)
    {
        var error = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql, account));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task A_seat_that_is_taken_while_it_is_freed_elsewhere_is_counted_right()
    {
        var pool = await PoolAsync(seats: 5);
        var (assigning, grants) = (system.Services.GetRequiredService<SeatAssignment>(), system.Services.GetRequiredService<GrantStore>());
        var facts = Enumerable.Range(0, 8).Select(_ => Facts.User(version: 1, account)).ToList();
        foreach (var fact in facts) await system.ApplyAsync(fact);

        await Parallel.ForEachAsync(Enumerable.Range(2, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, cancellationToken) =>
        {
            var fact = facts[n % facts.Count];
            if (n % 3 == 0) await assigning.UnassignAsync(account, pool.Id, fact.UserId, Facts.Actor, cancellationToken);
            else if (n % 7 == 0) await system.ApplyAsync(fact with { Version = n, Deactivations = n });
            else await assigning.AssignAsync(account, pool.Id, fact.UserId, Facts.Actor, final: true, cancellationToken);
        });

        var standing = await grants.ListAsync(account, pool.Id, null, 100, CancellationToken.None);
        Assert.Equal(standing.Count, (await AsItIsAsync(pool)).Used);
        Assert.InRange(standing.Count, 0, 5);
    }

    [Fact]
    public async Task A_freed_seat_is_remembered_with_the_fact_that_freed_it()
    {
        var pool = await PoolAsync(seats: 1);
        var given = Facts.User(version: 1, account);
        await system.ApplyAsync(given);
        await system.Services.GetRequiredService<SeatAssignment>().AssignAsync(account, pool.Id, given.UserId, Facts.Actor, final: true, CancellationToken.None);
        var left = given with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Removed, Deactivations = 1 };
        await system.ApplyAsync(left);
        await system.ApplyAsync(left);
        var history = await system.RowsAsync(
            "SELECT kind, reason, event_id, actor_name FROM grant_history WHERE account_id = $1 ORDER BY entry",
            row => (row.GetString(0), row.GetString(1), row.IsDBNull(2) ? Guid.Empty : row.GetGuid(2), row.GetString(3)), account);
        Assert.Equal([("granted", "assigned", Guid.Empty, "Entra ID"), ("freed", "notActive", left.EventId, "Entra ID")], history);
    }
}
