using Contracts.Events.V1;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using LicenseService.Work;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace LicenseService.Tests.Work;

/// <summary>A large group is worked in batches, whoever works.</summary>
public sealed class BulkReevaluationTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private const int Members = 3_500;

    [Fact]
    public async Task A_walk_is_resumed_where_it_stood_by_any_replica_and_single_users_do_not_wait_for_it()
    {
        var (account, pool, rule) = await LargeGroupAsync();
        var made = Assert.IsType<RuleOutcome.Done>(await quiet.Get<RuleStore>().CreateAsync(account, pool, RuleKind.Group, rule.GroupId, 0, Facts.Actor, CancellationToken.None));
        Assert.True(await quiet.Get<BulkReevaluation>().RunBatchAsync(CancellationToken.None));
        Assert.Equal((1_000, 3_500, null), await ProgressAsync(account, made.Work));

        // A batch that is not committed has not happened.
        await using (var connection = await quiet.Get<Npgsql.NpgsqlDataSource>().OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT FROM work WHERE work_id = $1 FOR UPDATE", connection, transaction) { Parameters = { new() { Value = made.Work } } };
            await command.ExecuteNonQueryAsync();
            Assert.False(await quiet.Get<BulkReevaluation>().RunBatchAsync(CancellationToken.None)); // another is at it

            // Meanwhile a single user comes into the group and is judged.
            var single = Facts.User(version: 1, account);
            await quiet.ApplyAsync(single, Facts.Members(version: 9, account, rule.GroupId!.Value, scim, (single.UserId, single.ScimId, true)));
            Assert.NotEqual(0, (await quiet.Get<PendingUserReevaluation>().EvaluateNextAsync(CancellationToken.None)).Users);
            while (await quiet.Get<SeatAllocation>().AllocateAsync(account, pool, CancellationToken.None)) { }
            Assert.NotNull(await quiet.Get<GrantStore>().FindAsync(account, pool, single.UserId, CancellationToken.None));
        }

        await using var replica = quiet.Replica();
        while (await replica.Services.GetRequiredService<BulkReevaluation>().RunBatchAsync(CancellationToken.None)) { }
        await quiet.WorkAsync();
        var (done, total, finished) = await ProgressAsync(account, made.Work);
        Assert.InRange(done, Members, Members + 1);
        Assert.Equal(3_500, total);
        Assert.NotNull(finished);
        Assert.Equal(Members + 1, (await quiet.Get<PoolStore>().FindAsync(account, pool, CancellationToken.None))!.Pool.Used);

        await quiet.ApplyAsync(Facts.Group(version: 10, account, rule.GroupId!.Value, scim, GroupStatus.Disabled));
        await quiet.WorkAsync();
        Assert.Equal(0, (await quiet.Get<PoolStore>().FindAsync(account, pool, CancellationToken.None))!.Pool.Used);
    }

    private readonly Guid scim = Guid.NewGuid();

    private async Task<(Guid Account, Guid Pool, Rule Rule)> LargeGroupAsync()
    {
        var account = Guid.NewGuid();
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, 10_000, Facts.Actor, CancellationToken.None))!.Pool.Id;
        var rule = new Rule(Guid.NewGuid(), pool, RuleKind.Group, Guid.NewGuid(), 0);
        await quiet.ApplyAsync(Facts.Group(version: 1, account, rule.GroupId!.Value, scim));
        await quiet.ExecuteAsync(
            """
            WITH made AS (
                INSERT INTO users (account_id, user_id, scim_id, status, deactivations, has_email, user_name, version)
                SELECT $1, gen_random_uuid(), gen_random_uuid(), 'active', 0, true, 'user' || n, 1 FROM generate_series(1, $4) n
                RETURNING user_id, scim_id)
            INSERT INTO edges (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version)
            SELECT $1, $3, scim_id, $2, user_id, true, 2 FROM made
            """, account, rule.GroupId.Value, scim, Members);
        return (account, pool, rule);
    }

    private async Task<(long Done, long? Total, DateTimeOffset? FinishedAt)> ProgressAsync(Guid account, Guid work)
    {
        var item = (await quiet.Get<WorkStore>().FindAsync(account, work, CancellationToken.None))!;
        return (item.Done, item.Total, item.FinishedAt);
    }
}
