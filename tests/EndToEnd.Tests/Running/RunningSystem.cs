using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EndToEnd.Tests.Api;
using EndToEnd.Tests.Running;
using IdpSimulator.Cli;

[assembly: AssemblyFixture(typeof(RunningSystem))]
// What is measured goes into the results, where ./test finds it.
[assembly: CaptureConsole]

namespace EndToEnd.Tests.Running;

/// <summary>
/// The whole system, started as <c>./run --detach</c> does, with data and public ports of its own so that it can stand beside
/// another; stopped as <c>./run --stop</c> does, after which nothing of it may be left.
/// </summary>
public sealed class RunningSystem : IAsyncLifetime
{
    /// <summary>The collection of all that use it: one after the other, because one of them takes the broker away.</summary>
    public const string Users = "users of the running system";

    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(10);

    // Not CreateTempSubdirectory: PostgreSQL and RabbitMQ run as other users when this is root, and must be able to enter.
    public string Data { get; } = Path.Combine(Path.GetTempPath(), $"provisioning-e2e-{Guid.NewGuid():n}");

    private readonly AppHostProgram appHost;
    private Process? process;

    public RunningSystem() => appHost = new AppHostProgram(new()
    {
        ["PROVISIONING_DATA"] = Data,
        ["PROVISIONING_GATEWAY_PORT"] = FreePort(),
        ["PROVISIONING_DASHBOARD_PORT"] = FreePort(),
    });

    public SystemEndpoints Endpoints { get; private set; } = null!;

    internal AdminClient Admin { get; private set; } = null!;

    internal DashboardClient Dashboard { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Data);
        var watch = Stopwatch.StartNew();
        process = appHost.Start();
        var (exitCode, output) = await appHost.RunAsync("--wait", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(exitCode == 0, $"The system did not become healthy: {output}\n{appHost.Output}");
        Endpoints = await SystemEndpoints.ReadAsync(Path.Combine(Data, "endpoints.json"), default);
        Admin = new AdminClient(Endpoints.Gateway, Endpoints.AdminApiKey);
        Dashboard = new DashboardClient(Endpoints.Dashboard!);
        Times.Print("the system was healthy after its start", watch.Elapsed);
    }

    public DirectoryEndpoint DirectoryOf(string provider) => Endpoints.Directories.Single(directory => directory.Provider == provider);

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        var pids = Dashboard is null ? [] : await Dashboard.ProcessesAsync();
        Dashboard?.Dispose();
        var watch = Stopwatch.StartNew();
        var (exitCode, output) = await appHost.RunAsync("--stop");
        var took = watch.Elapsed;
        process?.Dispose();
        var left = pids.Where(IsAlive).ToList();
        Directory.Delete(Data, recursive: true);
        Times.Print("nothing of it was left after its stop", took);
        Assert.True(exitCode == 0 && left.Count == 0 && took < StopBound, $"--stop took {took.TotalSeconds:0.0} s, left {left.Count} processes and said: {output}");
    }

    private static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}");

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
