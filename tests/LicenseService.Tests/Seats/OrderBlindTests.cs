using System.Diagnostics;
using System.Globalization;
using Contracts.Events.V1;
using FsCheck.Fluent;
using LicenseService.Assignments;
using LicenseService.Pools;
using LicenseService.Storage;
using LicenseService.Work;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace LicenseService.Tests.Seats;

/// <summary>
/// Generated histories against PostgreSQL and the broker. A seat stands at the end exactly if its holder is active and
/// never was not, since the version that the assignment saw; whatever the order in which facts came.
/// </summary>
public sealed class OrderBlindTests(LicenseSystem system, ITestOutputHelper output)
{
    private const int Seats = 3;

    private SeatAssignment Assigning => system.Services.GetRequiredService<SeatAssignment>();

    [Fact]
    public void Every_step_of_any_interleaving_does_what_the_rules_say() =>
        Prop.ForAll(History.OfLength(0, 40), history => FollowsTheRulesAsync(history))
            .Holds(40);

    /// <summary>
    /// One batch of facts after the other, each compared with the rules applied to plain values. A batch often has a user
    /// inactive and active again.
    /// </summary>
    private async Task FollowsTheRulesAsync(History history)
    {
        var account = Guid.NewGuid();
        var facts = history.Tell(account);
        var pool = await PoolAsync(account);
        var random = new Random(history.Seed);
        var known = new Dictionary<Guid, UserChanged>();
        var held = new Dictionary<Guid, long>();
        foreach (var batch in history.Deliver(facts).Chunk(random.Next(1, 6)))
        {
            await system.ApplyAsync(batch);
            foreach (var fact in batch)
                if (!known.TryGetValue(fact.UserId, out var before) || before.Version < fact.Version) known[fact.UserId] = fact;
            foreach (var (holder, since) in held.ToList())
                if (SeatRules.FindFreeReason(Holder(known[holder]), since) is not null) held.Remove(holder);

            var claimant = facts[random.Next(History.Users)].UserId;
            var user = known.GetValueOrDefault(claimant);
            var outcome = await Assigning.AssignAsync(account, pool, claimant, Facts.Actor, final: true, CancellationToken.None);
            if (held.ContainsKey(claimant)) Assert.IsType<AssignmentOutcome.AlreadyAssigned>(outcome);
            else if (SeatRules.FindRefusal(user is null ? null : Holder(user), new Pool(pool, Products.Ztna, Seats, held.Count)) is { } refusal)
                Assert.Equal(refusal, Assert.IsType<AssignmentOutcome.Refused>(outcome).Reason);
            else
            {
                Assert.IsType<AssignmentOutcome.Granted>(outcome);
                held[claimant] = user!.Deactivations;
            }
        }
        await AssertTablesAsync(account, facts);
        Assert.Equal(held.Keys.Order(), await HoldersAsync(account));
    }

    [Fact]
    public void Facts_and_assignments_at_the_same_time_leave_no_seat_with_a_user_who_was_not_active_since() =>
        Prop.ForAll(History.OfLength(10, 40), history => RacesAsync(history))
            .Holds(30);

    private async Task RacesAsync(History history)
    {
        var account = Guid.NewGuid();
        var facts = history.Tell(account);
        var pool = await PoolAsync(account);
        var claims = new Random(history.Seed);
        var work = history.Deliver(facts)
            .SelectMany(fact => (Func<Task>[])
            [
                () => system.ApplyAsync(fact),
                Claim(facts[claims.Next(History.Users)].UserId),
                Claim(fact.UserId),
            ])
            .ToArray();
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (step, _) => await step());
        await AssertTablesAsync(account, facts);

        Func<Task> Claim(Guid user) => () => Assigning.AssignAsync(account, pool, user, Facts.Actor, final: true, CancellationToken.None);
    }

    [Fact]
    public async Task Two_replicas_behind_the_broker_end_in_the_tables_that_the_fold_gives()
    {
        var replica = system.BuildReplica();
        await replica.StartAsync();
        var account = Guid.NewGuid();
        var pool = await PoolAsync(account);
        var history = History.OfLength(400, 400).Generator.Sample(1, 400).First();
        var facts = history.Tell(account);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(history.Deliver(facts).Select(async fact =>
        {
            await system.PublishAsync(fact);
            await Assigning.AssignAsync(account, pool, fact.UserId, Facts.Actor, final: true, CancellationToken.None);
        }));
        var expected = Fold(facts).ToList();
        await Eventually.TrueAsync("the tables of the fold", async () => (await UserRowsAsync(account)).SequenceEqual(expected));
        output.WriteLine($"{facts.Count} facts, every third twice, with as many claims, through the broker in {watch.ElapsedMilliseconds} ms");
        await AssertTablesAsync(account, facts);
        await replica.StopAsync();
    }

    private async Task<Guid> PoolAsync(Guid account) =>
        (await system.Services.GetRequiredService<PoolStore>().CreateAsync(account, Products.Ztna, Seats, Facts.Actor, CancellationToken.None))!.Pool.Id;

    private static SeatCandidate Holder(UserChanged fact) => new(fact.Status, fact.Deactivations, fact.Email is not null);

    /// <summary>What the users must be: the last fact of each.</summary>
    private static IEnumerable<string> Fold(IEnumerable<UserChanged> facts) =>
        facts.GroupBy(fact => fact.UserId, (_, of) => of.Last())
            .Select(last => string.Create(CultureInfo.InvariantCulture, $"{last.UserId} {last.Status.Word()} {last.Deactivations} {last.DisplayName} {last.Version}"))
            .Order(StringComparer.Ordinal);

    private async Task AssertTablesAsync(Guid account, IReadOnlyList<UserChanged> facts)
    {
        Assert.Equal(Fold(facts), await UserRowsAsync(account));
        var stale = await system.RowsAsync(
            """
            SELECT g.user_id FROM grants g JOIN users u USING (account_id, user_id)
            WHERE account_id = $1 AND (u.status <> 'active' OR u.deactivations <> g.deactivations)
            """, Id, account);
        Assert.Empty(stale);
        var counts = await system.RowsAsync(
            """
            SELECT p.used, (SELECT count(*) FROM grants WHERE account_id = $1),
                (SELECT coalesce(sum(CASE kind WHEN 'granted' THEN 1 ELSE -1 END), 0) FROM grant_history WHERE account_id = $1)
            FROM pools p WHERE account_id = $1
            """, row => (row.GetInt32(0), (int)row.GetInt64(1), (int)row.GetInt64(2)), account);
        var (used, grants, history) = Assert.Single(counts);
        Assert.Equal(used, grants);
        Assert.Equal(used, history);
        Assert.InRange(used, 0, Seats);
    }

    private async Task<List<string>> UserRowsAsync(Guid account) =>
        [.. (await system.RowsAsync(
            "SELECT concat_ws(' ', user_id, status, deactivations, display_name, version) FROM users WHERE account_id = $1",
            row => row.GetString(0), account)).Order(StringComparer.Ordinal)];

    private async Task<IEnumerable<Guid>> HoldersAsync(Guid account) =>
        (await system.RowsAsync("SELECT user_id FROM grants WHERE account_id = $1", Id, account)).Order();

    private static Guid Id(NpgsqlDataReader row) => row.GetGuid(0);
}
