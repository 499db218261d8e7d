using Contracts.Events.V1;
using FsCheck;
using FsCheck.Fluent;
using LicenseService.Holds;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using Testing;

namespace LicenseService.Tests.Holds;

/// <param name="Recipients">For each who got a seat from the line: the index of its rule, since when it had waited, when it got the seat.</param>
public sealed record SeatReclaimCase(int Lost, int Open, IReadOnlyList<(int Rule, int Since, int At)> Recipients)
{
    public static Arbitrary<SeatReclaimCase> Any { get; } = Arb.From(
        from lost in Gen.Choose(0, 5)
        from open in Gen.Choose(0, 3)
        from recipients in Gen.ListOf(from rule in Gen.Choose(0, 2)
                                      from since in Gen.Choose(0, 2)
                                      from at in Gen.Choose(0, 2)
                                      select (rule, since, at))
        select new SeatReclaimCase(lost, open, [.. recipients.Take(6)]));
}

/// <summary>Who gives a seat back: the same cases through the rules and through the database.</summary>
public sealed class SeatReclaimTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private static readonly int[] Orders = [5, 2, 2];

    [Fact]
    public void Who_got_a_seat_last_gives_it_back_first_and_no_more_than_are_missing() =>
        Prop.ForAll(SeatReclaimCase.Any, item => SameAsync(item)).Holds(40);

    private async Task SameAsync(SeatReclaimCase item)
    {
        var (account, directory, now) = (Guid.NewGuid(), Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, item.Recipients.Count + item.Open, Facts.Actor, CancellationToken.None))!.Pool.Id;
        var rules = Orders.Select(order => new Rule(Guid.NewGuid(), pool, RuleKind.Group, Guid.NewGuid(), order)).ToList();
        var lost = Enumerable.Range(0, item.Lost).Select(_ => Facts.User(version: 1, account, directory: directory, status: UserStatus.Unassigned)).ToList();
        var users = item.Recipients.Select(_ => Facts.User(version: 1, account)).ToList();
        await quiet.ApplyAsync([.. users, .. lost]);
        var recipients = item.Recipients.Zip(users, (recipient, user) => new Recipient(
            new WaitingListEntry(user.UserId, rules[recipient.Rule], DateTimeOffset.UnixEpoch.AddDays(recipient.Since)), now.AddMinutes(recipient.At - 10))).ToList();
        await quiet.ApplyGroupsAsync(account, rules.Select(rule => (rule, recipients.Zip(users).Where(pair => pair.First.Waited.First == rule).Select(pair => pair.Second))));
        foreach (var rule in rules) await quiet.InsertRuleAsync(account, rule);
        // All of them hold a seat before the first one loses it.
        foreach (var (kind, reason) in new[] { ("granted", "rule"), ("freed", "notActive") })
            foreach (var user in lost)
                await quiet.ExecuteAsync(
                    """
                    INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, fact_at, at)
                    VALUES ($1, $2, 'ZTNA', $3, $4, $5, 'system', 'test', CASE WHEN $4 = 'freed' THEN $6 END, $6)
                    """, account, pool, user.UserId, kind, reason, now.AddMinutes(-20));
        foreach (var recipient in recipients)
            await quiet.ExecuteAsync(
                """
                WITH given AS (
                    INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, rule_id, waiting_since)
                    VALUES ($1, $2, 'ZTNA', $3, 0, $4, 'system', 'test', $5, $6) RETURNING granted_at)
                INSERT INTO grant_history (account_id, pool_id, product, user_id, kind, reason, actor_kind, actor_id, at)
                SELECT $1, $2, 'ZTNA', $3, 'granted', 'rule', 'system', 'test', granted_at FROM given
                """, account, pool, recipient.Waited.UserId, recipient.GrantedAt, recipient.Waited.First.Id, recipient.Waited.Since);

        var alert = new MassDeactivation { AlertId = Guid.NewGuid(), At = now, Deactivated = item.Lost, Users = 2_000 };
        await quiet.ApplyAsync(Facts.Directory(version: 1, account, directory) with { LastAlert = alert });
        await quiet.WorkAsync();

        var expected = HoldRules.TakesBack(item.Lost, item.Open, recipients).ToList();
        var taken = await quiet.RowsAsync("SELECT user_id FROM grant_history WHERE account_id = $1 AND reason = 'alert'", row => row.GetGuid(0), account);
        Assert.Equal(expected.Select(recipient => recipient.Waited.UserId).Order(), taken.Order());
        var line = await quiet.Get<WaitingListStore>().ListAsync(account, pool, null, 100, CancellationToken.None);
        Assert.Equal(WaitingList.Ordered(expected.Select(recipient => recipient.Waited)).Select(waiter => waiter.UserId), line.Select(user => user.UserId));
        var seats = (await quiet.Get<PoolStore>().FindAsync(account, pool, CancellationToken.None))!.Pool;
        Assert.Equal(Math.Min(item.Lost, item.Open + item.Recipients.Count), seats.Held);
    }
}
