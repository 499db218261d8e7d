using System.Diagnostics;
using EndToEnd.Tests.Running;

namespace EndToEnd.Tests.Stories;

/// <summary>Whole tenants of every provider, with the console in between, compared with SCIM, the console, licenses and policies.</summary>
[Collection(RunningSystem.Users)]
public sealed class WholeTenantTests(RunningSystem system)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Tenants_of_every_provider_end_as_they_believe()
    {
        var watch = Stopwatch.StartNew();
        var start = new ProcessStartInfo("dotnet", [
            typeof(IdpSimulator.Cli.SystemEndpoints).Assembly.Location, "--endpoints", Path.Combine(system.Data, "endpoints.json"),
            "--story", "whole-tenant", "--variants", "all", "--users", "30", "--groups", "8"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var simulator = Process.Start(start)!;
        using var bound = new CancellationTokenSource(Bound);
        var output = simulator.StandardOutput.ReadToEndAsync(bound.Token);
        var errors = simulator.StandardError.ReadToEndAsync(bound.Token);
        await simulator.WaitForExitAsync(bound.Token);
        Assert.True(simulator.ExitCode == 0, $"{await output}\n{await errors}");
        Measurements.Print("whole tenants of all providers, 30 users each", watch.Elapsed);
    }
}
