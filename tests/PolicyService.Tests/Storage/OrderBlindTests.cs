using System.Diagnostics;
using FsCheck.Fluent;
using Testing;

namespace PolicyService.Tests.Storage;

/// <summary>Whatever the order of arrival: the same tables, and the same members, as one fact after the other gives.</summary>
public sealed class OrderBlindTests(PolicySystem system, ITestOutputHelper output)
{
    [Fact]
    public void Any_interleaving_duplication_and_batching_ends_in_the_tables_that_the_fold_gives() =>
        Prop.ForAll(History.OfLength(0, 40), history => ArrivesAsync(history))
            .Holds(40);

    private async Task ArrivesAsync(History history)
    {
        var account = Guid.NewGuid();
        var facts = history.Tell(account);
        await Parallel.ForEachAsync(
            history.Batches(facts), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (batch, _) => await system.ApplyAsync(batch));
        await AssertSameAsync(account, new ExpectedProjections(facts));
    }

    [Fact]
    public async Task Two_replicas_behind_the_broker_end_in_the_tables_that_the_fold_gives()
    {
        var replica = system.BuildReplica();
        await replica.StartAsync();
        var account = Guid.NewGuid();
        var history = History.OfLength(400, 400).Generator.Sample(1, 400).First();
        var facts = history.Tell(account);
        var fold = new ExpectedProjections(facts);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(history.Deliver(facts).Select(fact => system.PublishAsync(fact)));
        var expected = Sorted(fold.Rows());
        await Eventually.TrueAsync("the tables of the fold", async () => (await TableRows.ReadAsync(system, account)).SequenceEqual(expected));
        output.WriteLine($"{facts.Count} facts, every third twice, through the broker in {watch.ElapsedMilliseconds} ms");
        await AssertSameAsync(account, fold);
        await replica.StopAsync();
    }

    private async Task AssertSameAsync(Guid account, ExpectedProjections fold)
    {
        Assert.Equal(Sorted(fold.Rows()), await TableRows.ReadAsync(system, account));

        // One policy for each group: what the API says of policies is what the definition says of groups.
        using var client = system.Client(account);
        var policies = new Dictionary<Guid, Guid>();
        foreach (var group in fold.Groups) policies[await client.PolicyAsync($"of {group}", group)] = group;
        var members = new List<string>();
        foreach (var (policy, group) in policies)
            foreach (var item in await client.MemberItemsAsync(policy, limit: 2)) members.Add($"{item.GetProperty("userId").GetString()} {group}");
        Assert.Equal(Sorted(fold.Effective()), Sorted(members));

        var applied = new List<string>();
        foreach (var user in fold.Users)
            foreach (var item in (await client.GetAsync($"users/{user}/policies")).Body.GetProperty("items").EnumerateArray())
                applied.Add($"{user} {policies[item.GetProperty("id").GetGuid()]}");
        Assert.Equal(Sorted(fold.Effective()), Sorted(applied));
    }

    private static List<string> Sorted(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];
}
