using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using LocalRuntime.Processes;

namespace Runner;

/// <summary>Runs one test project in a process of its own, with a bound.</summary>
internal static class ProjectRun
{
    private const int KeptLines = 400;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(20), StopGrace = TimeSpan.FromSeconds(10);

    internal static async Task<ProjectResult> RunAsync(TestProject project, TestServers servers, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var resultFile = Path.GetTempFileName();
        var console = new Queue<string>();
        try
        {
            if (!File.Exists(project.Assembly)) return new(project.Name, 0, 0, [], $"It is not built: {project.Assembly} is missing.", [], watch.Elapsed);
            File.Delete(resultFile);
            var child = await ChildProcess.StartAsync(Spec(project, servers, resultFile), (line, _) => Keep(console, line), cancellationToken);
            try
            {
                var exitCode = await child.Exited.WaitAsync(Bound, cancellationToken);
                return ProjectResult.Read(project.Name, resultFile, exitCode, Text(console), watch.Elapsed);
            }
            catch (TimeoutException)
            {
                return new(project.Name, 0, 0, [], $"It did not end within {Bound.TotalMinutes:0} minutes and was stopped.\n{Text(console)}", [], watch.Elapsed);
            }
            finally
            {
                await child.StopAsync(StopGrace);
            }
        }
        finally
        {
            File.Delete(resultFile);
        }
    }

    private static ProcessSpec Spec(TestProject project, TestServers servers, string resultFile)
    {
        // The machine's own environment, but for what would turn a system under test into another one.
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => !((string)variable.Key).StartsWith("PROVISIONING_", StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        foreach (var (name, value) in servers.Variables(project.VirtualHost)) environment[name] = value;
        return new(DotNet, [project.Assembly, "-noLogo", "-noColor", "-noAutoReporters", "-reporter", "quiet", "-result-xml", resultFile])
        {
            Environment = environment,
            WorkingDirectory = Path.GetDirectoryName(project.Assembly)!,
        };
    }

    private static string DotNet => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    private static void Keep(Queue<string> console, string line)
    {
        lock (console)
        {
            console.Enqueue(line);
            if (console.Count > KeptLines) console.Dequeue();
        }
    }

    private static string Text(Queue<string> console)
    {
        lock (console) return string.Join('\n', console);
    }
}
