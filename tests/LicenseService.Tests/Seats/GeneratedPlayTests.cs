using Contracts.Events.V1;
using FsCheck.Fluent;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Waiting;
using LicenseService.Work;
using Npgsql;
using Testing;

namespace LicenseService.Tests.Seats;

/// <summary>Generated plays: facts in any order of arrival, some twice, with admins in between; against PostgreSQL and the pure rules.</summary>
public sealed class GeneratedPlayTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    [Fact]
    public void Every_step_of_a_play_does_what_the_rules_say() =>
        Prop.ForAll(GeneratedPlay.OfLength(1, 40), play => FollowsAsync(play, seats: 3)).Holds(20);

    private async Task FollowsAsync(GeneratedPlay play, int seats)
    {
        var stage = await PlayRunner.SetAsync(quiet, seats);
        var random = new Random(play.Seed);
        var late = new List<IFact>(stage.Directory.Beginning());
        foreach (var act in play.Acts)
        {
            if (stage.Directory.Tell(act) is { } fact) late.Add(fact);
            else await stage.ActAsync(act);
            // Some facts come at once, some late, some twice; in batches of any size.
            var arriving = late.Where(_ => random.Next(2) == 0).ToArray();
            random.Shuffle(arriving);
            late.RemoveAll(waits => arriving.Contains(waits) && random.Next(4) > 0);
            await stage.ArriveAsync(arriving);
        }
        await stage.ArriveAsync([.. late]);
        await stage.AsTheModelAsync();
    }

    [Fact]
    public void A_user_who_was_not_active_has_lost_the_seat_that_an_admin_gave_in_every_order_of_arrival() =>
        Prop.ForAll(GeneratedPlay.OfLength(0, 20), play => LosesAsync(play)).Holds(15);

    /// <summary>Everybody is given a seat, disabled and enabled again; then only rules have anything to say.</summary>
    private async Task LosesAsync(GeneratedPlay play)
    {
        var stage = await PlayRunner.SetAsync(quiet, seats: GeneratedPlay.Users);
        await stage.ArriveAsync([.. stage.Directory.Beginning()]);
        for (var user = 0; user < GeneratedPlay.Users; user++) await stage.ActAsync(new PlayStep.Assign(user));
        Assert.Equal(GeneratedPlay.Users, stage.Model.Grants.Count);
        var facts = new List<IFact>();
        foreach (var act in play.Acts.Where(act => act is PlayStep.Make or PlayStep.GroupBecomes or PlayStep.MemberMoves))
        {
            if (stage.Directory.Tell(act) is { } fact) facts.Add(fact);
            else await stage.ActAsync(act);
        }
        for (var user = 0; user < GeneratedPlay.Users; user++)
        {
            facts.Add(stage.Directory.Tell(new PlayStep.UserBecomes(user, UserStatus.Unassigned, true))!);
            facts.Add(stage.Directory.Tell(new PlayStep.UserBecomes(user, UserStatus.Active, true))!);
        }
        IFact[] delivered = [.. facts, .. facts.Where((_, index) => index % 3 == 0)];
        new Random(play.Seed).Shuffle(delivered);
        foreach (var batch in delivered.Chunk(1 + play.Seed % 4)) await stage.ArriveAsync(batch);

        await stage.AsTheModelAsync();
        var manual = await quiet.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1 AND manual_at IS NOT NULL", PlayRunner.Id, stage.Account);
        Assert.Empty(manual);
        Assert.Equal(
            stage.Directory.Users.Where(user => stage.Model.First(user.UserId) is not null).Select(user => user.UserId).Order(),
            stage.Model.Grants.Keys.Order());
    }
}

/// <summary>One play in one account: every act is done to the service and to the model.</summary>
internal sealed class PlayRunner
{
    private readonly IdleLicenseSystem quiet;
    private readonly Guid pool;
    private readonly Guid?[] rules = new Guid?[GeneratedPlay.Groups + GeneratedPlay.System.Length];

    private PlayRunner(IdleLicenseSystem quiet, Guid account, Guid pool, int seats)
    {
        (this.quiet, Account, this.pool) = (quiet, account, pool);
        Model = new SeatModel(pool, seats);
        Directory = new PlayedDirectory(account);
    }

    internal Guid Account { get; }

    internal SeatModel Model { get; }

    internal PlayedDirectory Directory { get; }

    internal static async Task<PlayRunner> SetAsync(IdleLicenseSystem quiet, int seats)
    {
        var account = Guid.NewGuid();
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, seats, Facts.Actor, CancellationToken.None))!.Pool.Id;
        return new PlayRunner(quiet, account, pool, seats);
    }

    internal async Task ArriveAsync(IFact[] facts)
    {
        if (facts is []) return;
        await quiet.ApplyAsync(facts);
        await quiet.WorkAsync();
        Model.Learn(facts);
        await AsTheModelAsync();
    }

    internal async Task ActAsync(PlayStep act)
    {
        var none = CancellationToken.None;
        switch (act)
        {
            case PlayStep.Assign assign:
                var user = Directory.Users[assign.User].UserId;
                var outcome = await quiet.Get<SeatAssignment>().AssignAsync(Account, pool, user, Facts.Actor, final: true, none);
                Assert.Equal(Model.Assign(user), (outcome as AssignmentOutcome.Refused)?.Reason);
                break;
            case PlayStep.Unassign unassign:
                user = Directory.Users[unassign.User].UserId;
                Assert.Equal(Model.Unassign(user), await quiet.Get<SeatAssignment>().UnassignAsync(Account, pool, user, Facts.Actor, none));
                break;
            case PlayStep.Make make:
                await MakeAsync(make);
                break;
            case PlayStep.Move move when rules[move.Target] is { } rule:
                Assert.IsType<RuleOutcome.Done>(await quiet.Get<RuleStore>().MoveAsync(Account, pool, rule, move.Order, none));
                Model.Put(Model.Rules.Single(known => known.Id == rule) with { Order = move.Order });
                break;
            case PlayStep.Delete delete when rules[delete.Target] is { } rule:
                Assert.IsType<RuleOutcome.Done>(await quiet.Get<RuleStore>().DeleteAsync(Account, pool, rule, none));
                rules[delete.Target] = null;
                Model.Delete(rule);
                break;
            case PlayStep.Resize resize:
                var resized = await quiet.Get<PoolResize>().ResizeAsync(Account, pool, resize.Seats, null, Facts.Actor, none);
                Assert.Equal(Model.Resize(resize.Seats), resized is ResizeOutcome.Resized);
                break;
        }
        await quiet.WorkAsync();
        await AsTheModelAsync();
    }

    private async Task MakeAsync(PlayStep.Make make)
    {
        var (kind, group) = make.Target < GeneratedPlay.Groups
            ? (RuleKind.Group, Directory.Groups[make.Target].GroupId)
            : (GeneratedPlay.System[make.Target - GeneratedPlay.Groups], (Guid?)null);
        var outcome = await quiet.Get<RuleStore>().CreateAsync(Account, pool, kind, group, make.Order, Facts.Actor, CancellationToken.None);
        if (rules[make.Target] is not null) Assert.IsType<RuleOutcome.Exists>(outcome);
        else if (outcome is RuleOutcome.Done done)
        {
            rules[make.Target] = done.Rule;
            Model.Put(new Rule(done.Rule, pool, kind, group, make.Order));
        }
        else Assert.IsType<RuleOutcome.UnknownGroup>(outcome);
    }

    /// <summary>Who holds a seat and whether an admin gave it, who waits and in which order.</summary>
    internal async Task AsTheModelAsync()
    {
        var grants = await quiet.RowsAsync(
            "SELECT user_id, deactivations, manual_at IS NOT NULL FROM grants WHERE account_id = $1 ORDER BY user_id",
            row => (row.GetGuid(0), new GrantedSeat(row.GetInt64(1), row.GetBoolean(2))), Account);
        Assert.Equal(Model.Grants.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)), grants);
        var line = await quiet.Get<WaitingListStore>().ListAsync(Account, pool, null, 100, CancellationToken.None);
        Assert.Equal(Model.InLine(), line.Select(waiter => waiter.UserId));
        var (used, seats, told) = Assert.Single(await quiet.RowsAsync(
            """
            SELECT used, seats, (SELECT coalesce(sum(CASE kind WHEN 'granted' THEN 1 WHEN 'freed' THEN -1 ELSE 0 END), 0) FROM grant_history WHERE account_id = $1)
            FROM pools WHERE account_id = $1
            """, row => (row.GetInt32(0), row.GetInt32(1), (int)row.GetInt64(2)), Account));
        Assert.Equal((Model.Grants.Count, Model.Seats, Model.Grants.Count), (used, seats, told));
    }

    internal static Guid Id(NpgsqlDataReader row) => row.GetGuid(0);
}
