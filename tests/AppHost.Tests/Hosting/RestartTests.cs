using System.Diagnostics;
using Aspire.Hosting;
using LocalRuntime.Dashboard;
using LocalRuntime.Processes;

namespace AppHost.Tests.Hosting;

public sealed class RestartTests
{
    [Fact]
    public async Task A_server_that_crashes_is_started_again()
    {
        await using var system = await TestSystem.StartAsync(builder => builder.AddScript("server", "exec sleep 1000").WithHttpEndpoint());
        var first = await system.BecomesAsync("server", snapshot => snapshot.Health == ResourceHealth.Healthy);

        Signals.Send(first.Pid!.Value, Signal.Kill);
        var second = await system.BecomesAsync("server", snapshot => snapshot is { Restarts: 1, Health: ResourceHealth.Healthy });

        Assert.NotEqual(first.Pid, second.Pid);
    }

    [Fact]
    public async Task Between_crashes_it_waits_longer_each_time()
    {
        using var directory = new TempDirectory();
        await using var system = await TestSystem.StartAsync(
            builder => builder.AddScript("server", $"date +%s%N >> {directory.File("starts")}; exit 1").WithHttpEndpoint(),
            settings: defaults => defaults with { Restarts = defaults.Restarts with { First = TimeSpan.FromMilliseconds(200), Tries = 4 } });

        await system.BecomesAsync("server", ResourceState.FailedToStart);

        var starts = (await File.ReadAllLinesAsync(directory.File("starts"))).Select(long.Parse).ToList();
        var pauses = starts.Zip(starts.Skip(1), (earlier, later) => TimeSpan.FromTicks((later - earlier) / 100)).ToList();
        Assert.Equal(3, pauses.Count);
        Assert.True(pauses[0] >= TimeSpan.FromMilliseconds(200) && pauses[1] >= TimeSpan.FromMilliseconds(400) && pauses[2] >= TimeSpan.FromMilliseconds(800), string.Join(", ", pauses));
    }

    [Fact]
    public async Task What_never_comes_up_is_given_up_with_its_last_words()
    {
        await using var system = await TestSystem.StartAsync(builder =>
            builder.AddScript("server", "echo 'Unhandled exception. Boom.' >&2; echo '   at Program.Main()' >&2; exit 134").WithHttpEndpoint().WithHttpHealthCheck());

        var server = await system.BecomesAsync("server", ResourceState.FailedToStart);

        Assert.Equal("was ended by signal 6: Unhandled exception. Boom. (3 times in a row)", server.StateReason);
    }

    [Fact]
    public async Task Stop_and_start_by_command_leave_the_rest_alone()
    {
        await using var system = await TestSystem.StartAsync(builder =>
        {
            builder.AddScript("one", "exec sleep 1000").WithHttpEndpoint();
            builder.AddScript("other", "exec sleep 1000").WithHttpEndpoint();
        });
        var other = await system.BecomesAsync("other", ResourceState.Running);
        await system.BecomesAsync("one", ResourceState.Running);

        await system.CommandAsync("one", ResourceCommand.Stop);
        Assert.Equal(ResourceState.Exited, system["one"].State);
        await system.CommandAsync("one", ResourceCommand.Start);
        await system.BecomesAsync("one", ResourceState.Running);

        Assert.Equal(other.Pid, system["other"].Pid);
        Assert.Equal(0, system["one"].Restarts);
    }

    [Fact]
    public async Task The_whole_system_ends_within_its_bound_though_a_child_ignores_the_signal()
    {
        var system = await TestSystem.StartAsync(builder =>
        {
            builder.AddScript("stubborn", "trap '' TERM; echo trapped; while :; do sleep 0.1; done").WithHttpEndpoint();
            builder.AddScript("polite", "exec sleep 1000").WithHttpEndpoint();
        });
        await Eventually.TrueAsync("the trap is set", () => Task.FromResult(system.Board.Log.Read("stubborn").Any()));
        var children = new[] { await system.BecomesAsync("stubborn", ResourceState.Running), await system.BecomesAsync("polite", ResourceState.Running) };

        var watch = Stopwatch.StartNew();
        await system.DisposeAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.All(children, child => Assert.Null(ProcessIdentity.Of(child.Pid!.Value)));
    }
}
