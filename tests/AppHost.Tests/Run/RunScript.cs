using System.Diagnostics;
using System.Globalization;
using AppHost.RunMode;

namespace AppHost.Tests.Run;

/// <summary><c>./run</c> of this repository, for a system with data and public ports of its own.</summary>
internal sealed class RunScript : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(6);
    private readonly Dictionary<string, string> environment;

    internal RunScript()
    {
        environment = new()
        {
            ["PROVISIONING_DATA"] = Data,
            ["PROVISIONING_PORT_OFFSET"] = "3500", // so that it can start at the same time as another
            ["PROVISIONING_GATEWAY_PORT"] = Text(FreePort.Next()),
            ["PROVISIONING_DASHBOARD_PORT"] = Text(FreePort.Next()),
        };
    }

    // Directly under /tmp, where the servers' accounts can reach it.
    internal string Data { get; } = $"/tmp/provisioning-run-{Guid.NewGuid():n}";

    internal int GatewayPort => int.Parse(environment["PROVISIONING_GATEWAY_PORT"], CultureInfo.InvariantCulture);

    internal RunScript With(string variable, string value)
    {
        environment[variable] = value;
        return this;
    }

    internal SystemState State() => SystemState.Read(DataLocation.Resolve(Data, serversAreOthers: false)) ?? throw new InvalidOperationException($"There is no apphost.json in {Data}.");

    /// <summary>Standard output and standard error are one text.</summary>
    internal Task<(int ExitCode, string Output)> AsyncOf(params string[] arguments) => AsyncOf("bash", [Path.Combine(Repository.Root, "run"), .. arguments]);

    /// <summary>Another program in the same environment.</summary>
    internal async Task<(int ExitCode, string Output)> AsyncOf(string program, string[] arguments)
    {
        // Into a file: what --detach leaves running would hold a pipe open.
        var output = Path.GetTempFileName();
        var start = new ProcessStartInfo("bash", ["-c", "exec \"$@\" >\"$OUTPUT\" 2>&1", "bash", program, .. arguments]);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["OUTPUT"] = output;
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(Bound);
        await process.WaitForExitAsync(bound.Token);
        var text = await File.ReadAllTextAsync(output, CancellationToken.None);
        File.Delete(output);
        return (process.ExitCode, text);
    }

    public async ValueTask DisposeAsync()
    {
        await AsyncOf("--reset");
        if (Directory.Exists(Data)) Directory.Delete(Data, recursive: true);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
