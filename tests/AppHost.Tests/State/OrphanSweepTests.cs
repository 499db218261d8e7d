using AppHost.Tests.Hosting;
using LocalRuntime;
using LocalRuntime.Dashboard;
using LocalRuntime.Processes;
using LocalRuntime.State;

namespace AppHost.Tests.State;

public sealed class OrphanSweepTests
{
    [Fact]
    public async Task What_a_killed_AppHost_left_behind_is_ended_by_the_next_start()
    {
        using var directory = new TempDirectory();
        var data = new DataLocation(directory.Path, directory.Path);
        var environment = InheritedEnvironment.Read();
        environment[MiniAppHost.Variable] = directory.Path;
        var mini = await ChildProcess.StartAsync(
            new(Path.Combine(AppContext.BaseDirectory, "AppHost.Tests"), []) { Environment = environment }, (_, _) => { }, CancellationToken.None);
        var (recorded, _) = await Eventually.BecomesAsync(
            "the child is in the state file",
            () => Task.FromResult(SystemState.Read(data)?.Children.FirstOrDefault(child => child.Resource == MiniAppHost.Child && child.Program == "bash")),
            child => child is not null);
        Signals.Send(mini.Pid, Signal.Kill);
        await mini.Exited;
        Assert.True(recorded!.Process.IsAlive, "the child was to survive its AppHost");

        await using var next = await TestSystem.StartAsync(MiniAppHost.Model, directory.Path);

        Assert.False(recorded.Process.IsAlive);
        await next.BecomesAsync(MiniAppHost.Child, ResourceState.Running);
    }

    [Fact]
    public async Task A_process_that_only_has_the_same_id_is_left_alone()
    {
        var stranger = await ChildProcess.StartAsync(Sleep, (_, _) => { }, CancellationToken.None);
        try
        {
            await Eventually.TrueAsync("sleep runs", () => Task.FromResult(stranger.Identity!.Program == "sleep"));
            var identity = stranger.Identity!;

            await OrphanSweep.RunAsync(
            [
                new("earlier start", identity with { StartTicks = identity.StartTicks - 1 }, "sleep"),
                new("other boot", identity with { BootId = "another" }, "sleep"),
                new("other program", identity, "postgres"),
            ], CancellationToken.None);

            Assert.True(identity.IsAlive);
            await OrphanSweep.RunAsync([new("ours", identity, "sleep")], CancellationToken.None);
            Assert.False(identity.IsAlive);
        }
        finally
        {
            await stranger.StopAsync(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_second_system_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using var directory = new TempDirectory();
        await using var first = await TestSystem.StartAsync(builder => builder.AddScript("server", "exec sleep 1000"), directory.Path);
        await first.BecomesAsync("server", ResourceState.Running);

        var refused = await Assert.ThrowsAsync<StartupException>(() => TestSystem.StartAsync(builder => builder.AddScript("server", "exec sleep 1000"), directory.Path));

        Assert.Contains("already runs", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ResourceState.Running, first["server"].State);
        Assert.True(SystemState.Read(new(directory.Path, directory.Path))!.AppHost.IsAlive);
    }

    private static ProcessSpec Sleep => new("/bin/sleep", ["1000"]) { Environment = new Dictionary<string, string>() };
}
