using System.Collections.Concurrent;
using Contracts.Events.V1;
using FsCheck.Fluent;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Rules;
using LicenseService.Storage;
using LicenseService.Tests.Seats;
using LicenseService.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceDefaults.Projections;
using Testing;

namespace LicenseService.Tests.Work;

/// <summary>
/// Plays with everything at the same time: three replicas with their workers, facts shuffled and doubled, rules, assignments,
/// sizes and rebuilds in between. What order does not decide must be as the rules say; what it does must be consistent.
/// </summary>
public sealed class RaceTests(IdleLicenseSystem quiet) : IClassFixture<IdleLicenseSystem>
{
    private const int Replicas = 3;

    [Fact]
    public async Task Replicas_that_do_everything_at_once_end_in_what_the_rules_say()
    {
        var replicas = Enumerable.Range(0, Replicas).Select(_ => quiet.Replica()).ToList();
        foreach (var replica in replicas) await replica.Services.GetRequiredService<SeatWorker>().StartAsync(CancellationToken.None);
        Prop.ForAll(GeneratedPlay.OfLength(20, 60), play => RacesAsync(replicas, play, seats: GeneratedPlay.Users)).Holds(8);
        Prop.ForAll(GeneratedPlay.OfLength(20, 60), play => RacesAsync(replicas, play, seats: 2)).Holds(8);
        foreach (var replica in replicas)
        {
            await replica.Services.GetRequiredService<SeatWorker>().StopAsync(CancellationToken.None);
            await replica.DisposeAsync();
        }
    }

    private async Task RacesAsync(List<WebApplication> replicas, GeneratedPlay play, int seats)
    {
        var account = Guid.NewGuid();
        var directory = new PlayedDirectory(account);
        var pool = (await quiet.Get<PoolStore>().CreateAsync(account, Products.Ztna, seats, Facts.Actor, CancellationToken.None))!.Pool.Id;
        var random = new Random(play.Seed);
        var facts = directory.Beginning().ToList();
        var acts = new List<PlayStep>();
        foreach (var act in play.Acts)
        {
            if (directory.Tell(act) is { } fact) facts.Add(fact);
            else if (act is not PlayStep.Resize) acts.Add(act);
        }
        IFact[] delivered = [.. facts, .. facts.Where((_, index) => index % 3 == 0)];
        random.Shuffle(delivered);
        var rules = new ConcurrentDictionary<int, Guid>();
        Func<IServiceProvider, Task>[] work =
        [
            .. delivered.Chunk(random.Next(1, 5)).Select(batch => (Func<IServiceProvider, Task>)(on => on.GetRequiredService<FactApplier>().ApplyAsync(batch, CancellationToken.None))),
            .. acts.Select(act => (Func<IServiceProvider, Task>)(on => ActAsync(on, account, pool, directory, rules, act))),
            .. Enumerable.Range(0, 2).Select(_ => (Func<IServiceProvider, Task>)(on => ReconcileAsync(on, account))),
        ];
        random.Shuffle(work);
        await Parallel.ForEachAsync(work.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (step, _) => await step.Item(replicas[step.Index % Replicas].Services));
        await quiet.SettledAsync(account);
        await AssertAsync(account, pool, facts, rules, seats);
    }

    private static async Task ActAsync(IServiceProvider on, Guid account, Guid pool, PlayedDirectory directory, ConcurrentDictionary<int, Guid> rules, PlayStep act)
    {
        var none = CancellationToken.None;
        switch (act)
        {
            case PlayStep.Assign assign: await on.GetRequiredService<SeatAssignment>().AssignAsync(account, pool, directory.Users[assign.User].UserId, Facts.Actor, final: true, none); break;
            case PlayStep.Unassign unassign: await on.GetRequiredService<SeatAssignment>().UnassignAsync(account, pool, directory.Users[unassign.User].UserId, Facts.Actor, none); break;
            case PlayStep.Make make:
                var (kind, group) = make.Target < GeneratedPlay.Groups ? (RuleKind.Group, directory.Groups[make.Target].GroupId) : (GeneratedPlay.System[make.Target - GeneratedPlay.Groups], (Guid?)null);
                if (await on.GetRequiredService<RuleStore>().CreateAsync(account, pool, kind, group, make.Order, Facts.Actor, none) is RuleOutcome.Done made) rules[make.Target] = made.Rule;
                break;
            case PlayStep.Move move when rules.TryGetValue(move.Target, out var rule): await on.GetRequiredService<RuleStore>().MoveAsync(account, pool, rule, move.Order, none); break;
            case PlayStep.Delete delete when rules.TryGetValue(delete.Target, out var rule): await on.GetRequiredService<RuleStore>().DeleteAsync(account, pool, rule, none); break;
        }
    }

    /// <summary>As after a rebuild that found nothing wrong.</summary>
    private static async Task ReconcileAsync(IServiceProvider on, Guid account)
    {
        await using var connection = await on.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var alone = new NpgsqlBatch(connection, transaction))
        {
            alone.BatchCommands.Add(RuleChangeLock.AcquireExclusive(account));
            await alone.ExecuteNonQueryAsync();
        }
        await on.GetRequiredService<IFactReaction>().ReconcileAsync(transaction, account, CancellationToken.None);
        await transaction.CommitAsync();
    }

    private async Task AssertAsync(Guid account, Guid pool, List<IFact> facts, ConcurrentDictionary<int, Guid> made, int seats)
    {
        var standing = await quiet.RowsAsync(
            "SELECT rule_id, kind, group_id, position FROM rules WHERE account_id = $1",
            row => new Rule(row.GetGuid(0), pool, EnumNames.RuleKind(row.GetString(1)), row.IsDBNull(2) ? null : row.GetGuid(2), row.GetInt32(3)), account);
        Assert.Subset(made.Values.ToHashSet(), standing.Select(rule => rule.Id).ToHashSet());
        var model = new SeatModel(pool, int.MaxValue);
        foreach (var rule in standing) model.Put(rule);
        model.Learn(facts);

        var grants = (await quiet.RowsAsync(
            "SELECT user_id, deactivations, manual_at IS NOT NULL FROM grants WHERE account_id = $1",
            row => (row.GetGuid(0), new GrantedSeat(row.GetInt64(1), row.GetBoolean(2))), account)).ToDictionary();
        var waiting = await quiet.RowsAsync("SELECT user_id, rule_id FROM waiting WHERE account_id = $1", row => (User: row.GetGuid(0), Rule: row.GetGuid(1)), account);
        foreach (var (user, seat) in grants)
            Assert.Equal(new SeatDecision(null, ShouldWait: false), SeatRules.Decide(model.Holder(user), seat, model.First(user) is not null));
        // Whom a rule gives a seat holds one or waits, for the first of its rules; nobody else waits.
        Assert.Equal(model.Grants.Keys.Order(), grants.Where(pair => model.Grants.ContainsKey(pair.Key)).Select(pair => pair.Key).Concat(waiting.Select(waiter => waiter.User)).Order());
        Assert.All(waiting, waiter => Assert.Equal(model.First(waiter.User)!.Id, waiter.Rule));
        if (seats == GeneratedPlay.Users) Assert.Empty(waiting);

        var (used, told) = Assert.Single(await quiet.RowsAsync(
            """
            SELECT used, (SELECT coalesce(sum(CASE kind WHEN 'granted' THEN 1 WHEN 'freed' THEN -1 ELSE 0 END), 0) FROM grant_history WHERE account_id = $1)
            FROM pools WHERE account_id = $1
            """, row => (row.GetInt32(0), (int)row.GetInt64(1)), account));
        Assert.Equal((grants.Count, grants.Count), (used, told));
        Assert.InRange(used, 0, seats);
    }
}
