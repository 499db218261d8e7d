using FsCheck;
using FsCheck.Fluent;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using Testing;

namespace LicenseService.Tests.Waiting;

/// <summary>A pool, a line before it, and seats kept back for some of those in it.</summary>
/// <param name="Waiters">For each: the index of its first rule, since when, whether a seat of its own is kept back.</param>
public sealed record WaitingListCase(int Seats, int Used, int HeldForOthers, IReadOnlyList<int> RuleOrders, IReadOnlyList<(int Rule, int Since, bool Own)> Waiters)
{
    public static Arbitrary<WaitingListCase> Any { get; } = Arb.From(
        from used in Gen.Choose(0, 3)
        from free in Gen.Choose(0, 6)
        from heldForOthers in Gen.Choose(0, 3)
        from orders in Gen.ListOf(Gen.Choose(0, 2), 4)
        from waiters in Gen.ListOf(from rule in Gen.Choose(0, 3)
                                   from since in Gen.Choose(0, 2)
                                   from own in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
                                   select (rule, since, own))
        select new WaitingListCase(used + free, used, heldForOthers, [.. orders], [.. waiters.Take(10)]));
}

/// <summary>The same cases through the rules and through the database.</summary>
public sealed class WaitingListTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    [Fact]
    public void The_first_in_line_get_the_seats_that_are_open() =>
        Prop.ForAll(WaitingListCase.Any, line => SameAsync(line)).Holds(60);

    private async Task SameAsync(WaitingListCase line)
    {
        var account = Guid.NewGuid();
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, line.Seats, Facts.Actor, CancellationToken.None))!.Pool.Id;
        // Four groups, a rule for each; everybody is a member of the group of its first rule alone.
        var rules = line.RuleOrders.Select(order => new Rule(Guid.NewGuid(), pool, RuleKind.Group, Guid.NewGuid(), order)).ToList();
        var users = line.Waiters.Select(_ => Facts.User(version: 1, account)).ToList();
        await quiet.ApplyAsync([.. users]);
        var waiters = line.Waiters.Zip(users, (waiter, user) => new WaitingListEntry(
            user.UserId, rules[waiter.Rule], DateTimeOffset.UnixEpoch.AddDays(waiter.Since), waiter.Own)).ToList();
        await quiet.ApplyGroupsAsync(account, rules.Select(rule => (rule, waiters.Zip(users).Where(pair => pair.First.First == rule).Select(pair => pair.Second))));
        foreach (var rule in rules) await quiet.InsertRuleAsync(account, rule);
        await quiet.ExecuteAsync(
            """
            INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, manual_at)
            SELECT $1, $2, 'ZTNA', gen_random_uuid(), 0, now(), 'system', 'test', now() FROM generate_series(1, $3)
            """, account, pool, line.Used);
        var hold = Guid.NewGuid();
        await quiet.ExecuteAsync("INSERT INTO holds VALUES ($1, $2, $3, now(), 20, 30, now() + interval '1 day')", account, hold, Guid.NewGuid());
        foreach (var user in waiters.Where(waiter => waiter.OwnHeld).Select(waiter => waiter.UserId).Concat(Enumerable.Range(0, line.HeldForOthers).Select(_ => Guid.NewGuid())))
            await quiet.ExecuteAsync("INSERT INTO held_seats VALUES ($1, $2, $3, $4)", account, pool, user, hold);
        foreach (var waiter in waiters)
            await quiet.ExecuteAsync(
                "INSERT INTO waiting (account_id, pool_id, user_id, rule_id, deactivations, since, own) VALUES ($1, $2, $3, $4, 0, $5, $6)",
                account, pool, waiter.UserId, waiter.First.Id, waiter.Since, waiter.OwnHeld);

        var held = waiters.Count(waiter => waiter.OwnHeld) + line.HeldForOthers;
        var expected = WaitingList.SelectNext(new Pool(pool, Products.Ztna, line.Seats, line.Used, held), waiters);
        var page = await quiet.Get<WaitingListStore>().ListAsync(account, pool, null, 100, CancellationToken.None);
        Assert.Equal(WaitingList.Ordered(waiters).Select(waiter => waiter.UserId), page.Select(waiter => waiter.UserId));

        await quiet.WorkAsync();
        var given = await quiet.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1 AND manual_at IS NULL", row => row.GetGuid(0), account);
        Assert.Equal(expected.Select(waiter => waiter.UserId).Order(), given.Order());
        var left = await quiet.Get<WaitingListStore>().ListAsync(account, pool, null, 100, CancellationToken.None);
        Assert.Equal(WaitingList.Ordered(waiters.Except(expected)).Select(waiter => waiter.UserId), left.Select(waiter => waiter.UserId));
        var told = await quiet.RowsAsync("SELECT user_id FROM refusals WHERE account_id = $1", row => row.GetGuid(0), account);
        Assert.Equal(waiters.Except(expected).Where(waiter => !waiter.OwnHeld).Select(waiter => waiter.UserId).Order(), told.Order());
    }
}
