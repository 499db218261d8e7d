using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Projections;
using Testing;

namespace PolicyService.Tests.Storage;

public sealed class BatchingTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task Facts_that_come_while_others_are_applied_are_applied_together()
    {
        var users = Enumerable.Range(0, 300).Select(i => new TestUser(account, $"user{i}")).ToArray();
        var batcher = system.Services.GetRequiredService<FactBatcher>();
        Task applied;
        // The first batch waits for the account until all facts are there.
        await using (var session = await system.OpenAsync())
        {
            await using (var hold = new NpgsqlCommand("SELECT pg_advisory_lock($1, hashtext($2))", session) { Parameters = { new() { Value = AccountLockKeys.Facts }, new() { Value = account.ToString() } } })
                await hold.ExecuteNonQueryAsync();
            applied = Task.WhenAll(users.Select(user => batcher.ApplyAsync(user.Is(), CancellationToken.None)));
            await using var free = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", session);
            await free.ExecuteNonQueryAsync();
        }
        await applied;
        // xmin: the transaction that wrote the row.
        var transactions = await system.RowsAsync("SELECT xmin::text, count(*) FROM users WHERE account_id = $1 GROUP BY 1", row => row.GetInt64(1), account);
        Assert.Equal(users.Length, transactions.Sum());
        Assert.InRange(transactions.Count, 3, 10);
        Assert.All(transactions, size => Assert.InRange(size, 1, FactBatch.MaxFacts));
    }

    [Fact]
    public async Task Of_a_batch_only_the_fact_that_is_at_fault_fails()
    {
        var batcher = system.Services.GetRequiredService<FactBatcher>();
        var good = Enumerable.Range(0, 50).Select(_ => Facts.User(version: 1, account)).ToList();
        var bad = Facts.User(version: 1, account, userName: "no database takes \0 in a text");
        var failing = batcher.ApplyAsync(bad, CancellationToken.None);
        await Task.WhenAll(good.Select(fact => batcher.ApplyAsync(fact, CancellationToken.None)));
        await Assert.ThrowsAsync<PostgresException>(() => failing);
        var known = await system.RowsAsync("SELECT user_id FROM users WHERE account_id = $1", row => row.GetGuid(0), account);
        Assert.Equal(good.Select(fact => fact.UserId).Order(), known.Order());
    }

    [Fact]
    public async Task A_stream_of_users_does_not_hold_up_members_nor_members_users()
    {
        var batcher = system.Services.GetRequiredService<FactBatcher>();
        var staff = new TestGroup(account, "Staff");
        var crowd = Enumerable.Range(0, MembersChanged.MaxEdges).Select(i => new TestUser(account, $"user{i}")).ToArray();
        var parts = Enumerable.Range(0, 40).Select(_ => batcher.ApplyAsync(staff.Members(true, crowd), CancellationToken.None)).ToList();
        await batcher.ApplyAsync(crowd[0].Is(), CancellationToken.None);
        Assert.Contains(parts, part => !part.IsCompleted);
        var users = Enumerable.Range(0, 1_000).Select(i => batcher.ApplyAsync(new TestUser(account, $"other{i}").Is(), CancellationToken.None)).ToList();
        await parts[^1];
        await Task.WhenAll([.. parts, .. users]);
    }

    /// <summary>Whoever waits in a circle is ended by the database after a second, and this test with it.</summary>
    [Fact]
    public async Task Batches_about_the_same_things_in_any_order_do_not_wait_for_each_other()
    {
        var users = Enumerable.Range(0, 60).Select(i => new TestUser(account, $"user{i}")).ToArray();
        var groups = Enumerable.Range(0, 10).Select(i => new TestGroup(account, $"group{i}")).ToArray();
        var random = new Random(20261125);
        await Parallel.ForEachAsync(Enumerable.Range(0, 60).Select(_ => Batch()).ToList(), new ParallelOptions { MaxDegreeOfParallelism = 6 },
            async (batch, _) => await system.ApplyAsync(batch));

        IFact[] Batch()
        {
            IFact[] facts =
            [
                .. groups.Select(group => group.Members(random.Next(3) > 0, random.GetItems(users, 30))),
                .. users.Select(user => user.Is()),
                .. groups.Select(group => group.Is()),
            ];
            random.Shuffle(facts);
            return facts;
        }
    }
}
