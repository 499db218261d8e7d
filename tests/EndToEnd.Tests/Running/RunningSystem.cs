using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using EndToEnd.Tests.Api;
using EndToEnd.Tests.Running;
using IdpSimulator.Cli;
using Testing;

[assembly: AssemblyFixture(typeof(RunningSystem))]

namespace EndToEnd.Tests.Running;

/// <summary>
/// The whole system as AppHost.cs says it, dashboard included, with data and public ports of its own so that it can stand beside
/// another; nothing of it may be left after its stop.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    /// <summary>The collection of all that use it: one after the other, because one of them takes the broker away.</summary>
    public const string Users = "users of the running system";

    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(4), StopBound = TimeSpan.FromSeconds(15);

    // Not CreateTempSubdirectory: PostgreSQL and RabbitMQ run as other users when this is root, and must be able to enter.
    public string Data { get; } = Path.Combine(Path.GetTempPath(), $"provisioning-e2e-{Guid.NewGuid():n}");

    private DistributedApplication app = null!;

    public SystemEndpoints Endpoints { get; private set; } = null!;

    internal AdminClient Admin { get; private set; } = null!;

    internal RunningResources Resources { get; private set; } = null!;

    internal Telemetry Telemetry { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var watch = Stopwatch.StartNew();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<AppHost.RunMode.LocalRun>(
            [$"--PROVISIONING_DATA={Data}", "--PROVISIONING_PORT_OFFSET=2500", $"--PROVISIONING_GATEWAY_PORT={FreePort.Next()}", $"--PROVISIONING_DASHBOARD_PORT={FreePort.Next()}"],
            (options, _) => (options.DisableDashboard, options.EnableResourceLogging) = (false, false));
        app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("demo", KnownResourceStates.Running).WaitAsync(StartBound);
        Measurements.Print("the system was healthy after its start", watch.Elapsed);
        Resources = new RunningResources(app, Data);
        await ReadEndpointsAsync();
        Admin = new AdminClient(Endpoints.Gateway, Endpoints.AdminApiKey);
        // Under test its ports are random ones.
        var dashboard = new Uri(Resources.Find("aspire-dashboard").Endpoints!.Single(address => address.Contains("/login", StringComparison.Ordinal)));
        Telemetry = new Telemetry(dashboard.GetLeftPart(UriPartial.Authority), builder.Configuration["AppHost:DashboardApiKey"]!);
    }

    /// <summary>Once more after they changed.</summary>
    public async Task ReadEndpointsAsync() => Endpoints = await SystemEndpoints.ReadAsync(Path.Combine(Data, "endpoints.json"), default);

    public DirectoryEndpoint DirectoryOf(string provider) => Endpoints.Directories.Single(directory => directory.Provider == provider);

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        Telemetry?.Dispose();
        var processes = Resources?.Processes() ?? [];
        var watch = Stopwatch.StartNew();
        await app.StopAsync();
        await app.DisposeAsync();
        Assert.NotEmpty(processes);
        await Eventually.BecomesAsync("nothing of the stopped system to be left", () => Task.FromResult(processes.Count(process => process.IsAlive)), left => left == 0, StopBound - watch.Elapsed);
        Measurements.Print("nothing of it was left after its stop", watch.Elapsed);
        Directory.Delete(Data, recursive: true);
    }
}
