using System.Collections.Concurrent;
using System.Diagnostics;

namespace EndToEnd.Tests.Running;

/// <summary>The built AppHost as a process, in a given environment.</summary>
internal sealed class AppHostProgram(Dictionary<string, string> environment)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
    private readonly ConcurrentQueue<string> lines = new();

    /// <summary>What the started system printed; it names the reason when something went wrong.</summary>
    public string Output => string.Join('\n', lines);

    public Process Start() => Start([], lines.Enqueue);

    /// <summary>Runs a command of it, such as <c>--stop</c>, to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var said = new ConcurrentQueue<string>();
        using var command = Start(arguments, said.Enqueue);
        using var bound = new CancellationTokenSource(Bound);
        await command.WaitForExitAsync(bound.Token);
        return (command.ExitCode, string.Join('\n', said));
    }

    private Process Start(string[] arguments, Action<string> line)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Root(), "AppHost"),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, received) => { if (received.Data is { } text) line(text); };
        process.ErrorDataReceived += (_, received) => { if (received.Data is { } text) line(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Beside this test, built in the same configuration.</summary>
    private static string Assembly()
    {
        var output = Path.GetRelativePath(Path.Combine(Root(), "tests", "EndToEnd.Tests"), AppContext.BaseDirectory);
        return Path.Combine(Root(), "AppHost", output, "AppHost.dll");
    }

    internal static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Provisioning.sln"))) return folder.FullName;
        throw new InvalidOperationException("These tests run in the repository: Provisioning.sln is nowhere above them.");
    }
}
