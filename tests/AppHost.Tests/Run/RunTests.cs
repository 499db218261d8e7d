using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AppHost.RunMode;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AppHost.Tests.Run;

/// <summary>What <c>./run</c> promises.</summary>
public sealed class RunTests
{
    private static readonly TimeSpan Back = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_detached_system_is_shown_comes_back_after_every_crash_and_is_stopped_without_a_trace()
    {
        await using var run = new RunScript();
        var (started, said) = await run.AsyncOf("--detach");
        Assert.True(started == 0, said);
        Assert.Contains("The system is up.", said, StringComparison.Ordinal);

        var (status, table) = await run.AsyncOf("--status");
        Assert.True(status == 0, table);
        Assert.Matches("gateway +Running +Healthy", table);
        var (_, json) = await run.AsyncOf("--status", "--json");
        Assert.Contains(JsonNode.Parse(json)!["resources"]!.AsArray(), resource => (string?)resource!["name"] == "directory2");
        var (again, already) = await run.AsyncOf("--detach");
        Assert.Equal((0, true), (again, already.Contains("already runs", StringComparison.Ordinal)));
        var endpoints = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run.Data, "endpoints.json")))!;
        Assert.Equal($"http://localhost:{run.GatewayPort}", (string?)endpoints["gateway"]);
        Assert.Contains("/login?t=", (string?)endpoints["dashboard"], StringComparison.Ordinal);

        foreach (var name in new[] { "directory1", "license", "gateway", "messaging", "postgres", "aspire-dashboard" }) await ComesBackAsync(run, name);

        var processes = run.State().Processes;
        var watch = Stopwatch.StartNew();
        var (stopped, farewell) = await run.AsyncOf("--stop");
        Assert.True(stopped == 0 && watch.Elapsed < TimeSpan.FromSeconds(16), $"{watch.Elapsed}: {farewell}");
        Assert.DoesNotContain(processes, process => process.IsAlive);
        Assert.Equal(1, (await run.AsyncOf("--status")).ExitCode);

        // Ports, passwords and data are those of the first start; who is killed leaves nothing for long.
        var before = await File.ReadAllTextAsync(Path.Combine(run.Data, "ports.json"));
        Assert.Equal(0, (await run.AsyncOf("--detach")).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(run.Data, "ports.json")));
        var second = run.State();
        Assert.True(second.Processes.Count > 10, $"{second.Processes.Count} processes");
        ProcessSignals.Send(second.AppHost.Pid, Signal.Kill);
        await Eventually.TrueAsync("nothing to be left of a killed AppHost", () => Task.FromResult(second.Processes.All(process => !process.IsAlive)), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_public_port_that_is_taken_is_one_clear_sentence_and_nothing_runs()
    {
        await using var run = new RunScript();
        using var other = new TcpListener(IPAddress.Loopback, run.GatewayPort);
        other.Start();

        var (exitCode, output) = await run.AsyncOf("--detach");

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {run.GatewayPort} (gateway) is used by another program. Stop that one (ss -ltnp shows it), or choose another with PROVISIONING_GATEWAY_PORT=PORT.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_that_says_nothing_sensible_is_told()
    {
        await using var run = new RunScript();
        Assert.Contains("PROVISIONING_PORT_OFFSET=high is no port number.", (await run.With("PROVISIONING_PORT_OFFSET", "high").AsyncOf("--detach")).Output, StringComparison.Ordinal);
        run.With("PROVISIONING_PORT_OFFSET", "3500");
    }

    [Fact]
    public async Task Data_of_another_PostgreSQL_are_told_and_nothing_is_left_running()
    {
        await using var run = new RunScript();
        Directory.CreateDirectory(Path.Combine(run.Data, "postgres", "data"));
        await File.WriteAllTextAsync(Path.Combine(run.Data, "postgres", "data", "PG_VERSION"), "9\n");
        await File.WriteAllTextAsync(Path.Combine(run.Data, "secrets.json"), """{"postgres-password":"kept"}""");

        var (exitCode, output) = await run.AsyncOf("--detach");

        Assert.Equal(1, exitCode);
        Assert.Matches("postgres cannot start. The data in .* were written by PostgreSQL 9; installed here: ", output);
        Assert.DoesNotContain(run.State().Processes, process => process.IsAlive);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_told_before_anything_starts()
    {
        await using var run = new RunScript();
        Directory.CreateDirectory(run.Data);
        string[] small = ["--mount", "sh", "-c", $"mount -t tmpfs -o size=16m none {run.Data} && exec bash {Path.Combine(Repository.Root, "run")} --detach"];
        var (exitCode, output) = await run.AsyncOf("unshare", small);
        Assert.SkipWhen(output.Contains("unshare", StringComparison.Ordinal) || output.Contains("mount:", StringComparison.Ordinal), "Only root may mount a small disk.");

        Assert.Equal(1, exitCode);
        Assert.Matches("Only [0-9]+ MB are free on the disk of .*; the servers need 300 MB.", output);
    }

    private static async Task ComesBackAsync(RunScript run, string name)
    {
        var before = Find(run, name);
        ProcessSignals.Send(before.Pid!.Value, Signal.Kill);
        await Eventually.BecomesAsync($"{name} to be back", () => Task.FromResult(Find(run, name)),
            now => now.Restarts > before.Restarts && now.Health == HealthStatus.Healthy && now.Pid != before.Pid, Back);
        await Eventually.TrueAsync($"the system to be well again after {name}", () => Task.FromResult(run.State().IsHealthy), Back);
    }

    private static ResourceStatus Find(RunScript run, string name) => run.State().Resources.Single(resource => resource.Name == name);
}
