using System.Collections.Concurrent;
using System.Diagnostics;
using LocalRuntime;
using LocalRuntime.Processes;

namespace AppHost.Tests.Processes;

public sealed class ChildProcessTests
{
    [Theory]
    [InlineData("exit 3", 3)]
    [InlineData("kill -9 $$", 137)]
    public async Task The_exit_code_is_the_process_s_own_or_that_of_the_signal(string script, int exitCode)
    {
        var (child, _) = await StartAsync(script);
        Assert.Equal(exitCode, await child.Exited);
    }

    [Fact]
    public async Task All_that_it_wrote_has_arrived_when_it_has_ended()
    {
        var (child, lines) = await StartAsync("seq 1 5000; echo oops >&2");
        await child.Exited;
        Assert.Equal(5001, lines.Count);
        Assert.Contains(("oops", true), lines);
    }

    [Fact]
    public async Task A_child_that_ignores_its_signal_is_killed_after_the_grace_with_all_that_it_started()
    {
        var (child, lines) = await StartAsync("trap '' TERM; sleep 1000 & echo $!; while :; do sleep 0.05; done");
        await Eventually.TrueAsync("the grandchild runs", () => Task.FromResult(!lines.IsEmpty));
        var grandchild = int.Parse(lines.First().Line, System.Globalization.CultureInfo.InvariantCulture);

        var watch = Stopwatch.StartNew();
        await child.StopAsync(TimeSpan.FromSeconds(0.5));

        // A timer counts whole ticks of another clock than the watch, and may be early by one.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.45), TimeSpan.FromSeconds(4));
        await Eventually.TrueAsync("the grandchild is gone", () => Task.FromResult(ProcessIdentity.Of(grandchild) is null));
    }

    [Fact]
    public async Task It_leads_a_session_of_its_own_so_that_Ctrl_C_does_not_reach_it()
    {
        var (child, _) = await StartAsync("exec sleep 1000");
        try
        {
            await Eventually.TrueAsync("sleep runs", () => Task.FromResult(child.Identity!.Program == "sleep"));
            var stat = (await File.ReadAllTextAsync($"/proc/{child.Pid}/stat")).Split(' ');
            Assert.Equal(child.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), stat[5]);
        }
        finally
        {
            await child.StopAsync(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_program_that_is_not_there_says_so()
    {
        var spec = new ProcessSpec("/nowhere/program", []) { Environment = new Dictionary<string, string>() };
        var lines = new ConcurrentQueue<string>();
        var child = await ChildProcess.StartAsync(spec, (line, _) => lines.Enqueue(line), CancellationToken.None);
        Assert.Equal(127, await child.Exited);
        Assert.Contains(lines, line => line.Contains("/nowhere/program", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_companion_that_does_not_come_up_stops_the_start()
    {
        var nothing = new Dictionary<string, string>();
        var spec = new ProcessSpec("/bin/sleep", ["1000"])
        {
            Environment = nothing,
            Companion = new(new ProcessSpec("/bin/false", []) { Environment = nothing }, Port: 1),
        };
        var error = await Assert.ThrowsAsync<StartupException>(() => ChildProcess.StartAsync(spec, (_, _) => { }, CancellationToken.None));
        Assert.Equal("/bin/false ended with exit code 1 before it listened on port 1.", error.Message);
    }

    private static async Task<(ChildProcess Child, ConcurrentQueue<(string Line, bool IsError)> Lines)> StartAsync(string script)
    {
        var lines = new ConcurrentQueue<(string, bool)>();
        var spec = new ProcessSpec("/bin/bash", ["-c", script]) { Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" } };
        return (await ChildProcess.StartAsync(spec, (line, isError) => lines.Enqueue((line, isError)), CancellationToken.None), lines);
    }
}
