using FsCheck;
using FsCheck.Fluent;
using LicenseService.Pools;
using LicenseService.Rules;
using Testing;

namespace LicenseService.Tests.Pools;

/// <param name="Holders">For each: given when, by an admin, and the index of the rule that gives it too (null: none).</param>
public sealed record ShrinkCase(IReadOnlyList<(int At, bool Manual, int? Rule)> Holders, int Seats)
{
    public static Arbitrary<ShrinkCase> Any { get; } = Arb.From(
        from count in Gen.Choose(1, 8)
        from holders in Gen.ListOf(
            from at in Gen.Choose(0, 3)
            from manual in Gen.Elements(true, false)
            from rule in Gen.Elements((int?)null, 0, 1)
            select (at, manual || rule is null, rule), count)
        from seats in Gen.Choose(0, count)
        select new ShrinkCase([.. holders], seats));
}

/// <summary>The same cases through the rules and through the database: what the preview says is what then happens.</summary>
public sealed class ShrinkOrderTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    [Fact]
    public void Those_lose_whom_the_admin_s_choice_puts_first()
    {
        foreach (var by in Enum.GetValues<ShrinkStrategy>())
            Prop.ForAll(ShrinkCase.Any, shrink => SameAsync(shrink, by)).Holds(20);
    }

    private async Task SameAsync(ShrinkCase shrink, ShrinkStrategy by)
    {
        var account = Guid.NewGuid();
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, shrink.Holders.Count, Facts.Actor, CancellationToken.None))!.Pool.Id;
        var rules = new[] { 5, 2 }.Select(order => new Rule(Guid.NewGuid(), pool, RuleKind.Group, Guid.NewGuid(), order)).ToList();
        var users = shrink.Holders.Select(_ => Facts.User(version: 1, account)).ToList();
        var holders = shrink.Holders.Zip(users, (holder, user) => new SeatHolder(
            user.UserId, DateTimeOffset.UnixEpoch.AddDays(holder.At), holder.Manual, holder.Rule is { } index ? rules[index] : null)).ToList();
        await quiet.ApplyAsync([.. users]);
        await quiet.ApplyGroupsAsync(account, rules.Select(rule => (rule, holders.Zip(users).Where(pair => pair.First.First == rule).Select(pair => pair.Second))));
        foreach (var rule in rules) await quiet.InsertRuleAsync(account, rule);
        foreach (var holder in holders)
            await quiet.ExecuteAsync(
                """
                INSERT INTO grants (account_id, pool_id, product, user_id, deactivations, granted_at, granted_by_kind, granted_by_id, manual_at, rule_id)
                VALUES ($1, $2, 'ZTNA', $3, 0, $4, 'system', 'test', CASE WHEN $5 THEN $4 END, $6)
                """, account, pool, holder.UserId, holder.GrantedAt, holder.Manual, holder.First?.Id ?? Guid.NewGuid());

        var missing = holders.Count - shrink.Seats;
        Guid[] chosen = by == ShrinkStrategy.Chosen ? [.. holders.Take(missing).Select(holder => holder.UserId)] : [];
        var expected = ShrinkOrder.InLosingOrder(holders, by, missing, chosen.ToHashSet()).ToList();
        var resizing = quiet.Get<PoolResize>();
        var preview = (await resizing.PreviewAsync(account, pool, shrink.Seats, new LoserChoice(by, chosen), CancellationToken.None))!;
        Assert.Equal(missing, preview.Missing);
        Assert.Equal(expected.Select(holder => holder.UserId), preview.First.Select(loser => loser.UserId));
        Assert.Equal(expected.Count(holder => holder.First is not null), preview.WaitAgain);

        if (missing > 0)
            Assert.Equal(new ResizeOutcome.InUse(holders.Count), await resizing.ResizeAsync(account, pool, shrink.Seats, null, Facts.Actor, CancellationToken.None));
        Assert.IsType<ResizeOutcome.Resized>(await resizing.ResizeAsync(account, pool, shrink.Seats, new LoserChoice(by, chosen), Facts.Actor, CancellationToken.None));
        await quiet.WorkAsync();
        var left = await quiet.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1", row => row.GetGuid(0), account);
        Assert.Equal(holders.Except(expected).Select(holder => holder.UserId).Order(), left.Order());
        var waiting = await quiet.RowsAsync("SELECT user_id FROM waiting WHERE account_id = $1", row => row.GetGuid(0), account);
        Assert.Equal(expected.Where(holder => holder.First is not null).Select(holder => holder.UserId).Order(), waiting.Order());
    }
}
