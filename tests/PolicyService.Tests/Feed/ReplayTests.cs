using System.Net;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Builder;
using PolicyService.Tests.Storage;
using Testing;

namespace PolicyService.Tests.Feed;

/// <summary>
/// Whatever the order of arrival, with two replicas at work, a rebuild and an admin who edits policies meanwhile: the members are those
/// that the pure rule gives, and who follows the feed from any position ends with them.
/// </summary>
public sealed class ReplayTests(PolicySystem system)
{
    [Fact]
    public async Task Following_the_feed_from_any_position_gives_the_members_that_the_rule_gives()
    {
        await using var replica = system.BuildReplica();
        Prop.ForAll(History.OfLength(0, 40), history => FollowedAsync(history, replica)).Holds(10);
    }

    private async Task FollowedAsync(History history, WebApplication replica)
    {
        var account = Guid.NewGuid();
        var staged = new GeneratedPolicyHistory(history, account);
        await system.ApplyAsync(staged.Beginning(account));
        using var client = system.Client(account);
        var followers = new List<FeedFollower> { FeedFollower.FromTheStart(client), await FeedFollower.StartAsync(client) };
        await staged.MakeAsync(client);
        var random = new Random(history.Seed);
        system.Directory.States[account] = () => staged.State(account).ToAsyncEnumerable();
        var (chunks, rebuildAt) = (history.Batches(staged.Facts).Chunk(4).ToList(), random.Next(4));
        foreach (var (n, some) in chunks.Index())
        {
            if (n == rebuildAt) Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("policies/rebuild", new { })).Status);
            await Task.WhenAll([.. some.Select((batch, at) => at % 2 == 0 ? system.ApplyAsync(batch) : PolicySystem.ApplyAsync(replica, batch)), staged.EditAsync(client, random)]);
            followers.Add(await FeedFollower.StartAsync(client));
            await followers[random.Next(followers.Count)].CatchUpAsync();
        }

        if (rebuildAt < chunks.Count)
            await Eventually.TrueAsync("the end of the rebuild", async () => (await client.GetAsync("policies/rebuild")).Body.GetProperty("state").GetString() == "done");
        var expected = staged.Members();
        Assert.Equal(expected, (await FeedFollower.StartAsync(client)).Members);
        foreach (var follower in followers) Assert.Equal(expected, (await follower.CatchUpAsync()).Members);
    }

    [Fact]
    public async Task Differences_alone_tell_each_change_once()
    {
        await using var replica = system.BuildReplica();
        Prop.ForAll(History.OfLength(0, 40), history => AddsUpAsync(history, replica)).Holds(25);
    }

    /// <summary>No toggles: nothing is read again, so that a difference which is missing, or told twice, is seen.</summary>
    private async Task AddsUpAsync(History history, WebApplication replica)
    {
        var account = Guid.NewGuid();
        var quiet = history with { Steps = [.. history.Steps.Where(step => step is not (DirectoryEvent.GroupIs or DirectoryEvent.GroupComesBack))] };
        var staged = new GeneratedPolicyHistory(quiet, account);
        await system.ApplyAsync(staged.Beginning(account));
        using var client = system.Client(account);
        await staged.MakeAsync(client);
        var follower = await FeedFollower.StartAsync(client);
        await Parallel.ForEachAsync(
            quiet.Batches(staged.Facts).Index(), new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (batch, _) => await (batch.Index % 2 == 0 ? system.ApplyAsync(batch.Item) : PolicySystem.ApplyAsync(replica, batch.Item)));
        await follower.CatchUpAsync();
        Assert.Equal(staged.Members(), follower.Members);
        Assert.Equal(0, follower.Repeated);
        Assert.All(follower.Reasons, reason => Assert.Equal("members", reason));
    }
}
