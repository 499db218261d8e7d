using LocalRuntime.Dashboard;
using static AppHost.Tests.Dashboard.RunningDashboard;

namespace AppHost.Tests.Dashboard;

public sealed class ResourceBoardTests
{
    private readonly ResourceBoard _board = new();

    [Fact]
    public void A_snapshot_replaces_the_last_one_of_its_display_name_and_keeps_its_place()
    {
        _board.Publish(Project("directory", ResourceState.Starting) with { DisplayName = "directory-1" });
        _board.Publish(Project("directory", ResourceState.Starting) with { DisplayName = "directory-2" });
        _board.Publish(Project("directory") with { DisplayName = "directory-1" });

        Assert.Equal(
            [("directory-1", ResourceState.Running), ("directory-2", ResourceState.Starting)],
            _board.Resources.Select(each => (each.DisplayName, each.State)));
        Assert.Equal(ResourceState.Running, _board.Find("directory-1")!.State);
        Assert.Null(_board.Find("directory"));
    }

    [Fact]
    public async Task A_watcher_gets_everything_first_then_only_the_newest_of_what_changed()
    {
        _board.Publish(Project("license"));
        _board.Publish(Project("policy"));
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var watcher = _board.WatchAsync(bound.Token).GetAsyncEnumerator(bound.Token);

        Assert.True(await watcher.MoveNextAsync());
        Assert.Equal(["license", "policy"], watcher.Current.Select(each => each.Name));

        _board.Publish(Project("policy", ResourceState.Stopping));
        _board.Publish(Project("policy", ResourceState.Exited));
        Assert.True(await watcher.MoveNextAsync());
        Assert.Equal([ResourceState.Exited], watcher.Current.Select(each => each.State));

        var next = watcher.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await bound.CancelAsync();
        Assert.False(await next);
    }

    [Fact]
    public async Task Changes_from_many_threads_all_reach_a_watcher()
    {
        const int Writers = 8, Each = 500;
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var watching = Task.Run(async () =>
        {
            var last = new Dictionary<string, int>(StringComparer.Ordinal);
            await foreach (var changed in _board.WatchAsync(bound.Token))
            {
                foreach (var snapshot in changed) last[snapshot.Name] = snapshot.Restarts;
                if (last.Count == Writers && last.Values.All(restarts => restarts == Each)) return true;
            }

            return false;
        });

        await Parallel.ForAsync(0, Writers, async (writer, _) =>
        {
            for (var i = 1; i <= Each; i++)
            {
                _board.Publish(Project($"r{writer}") with { Restarts = i });
                await Task.Yield();
            }
        });

        Assert.True(await watching, "a change was missed");
    }
}
