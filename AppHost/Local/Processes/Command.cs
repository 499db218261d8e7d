namespace LocalRuntime.Processes;

/// <summary>A program that is run to its end, such as initdb.</summary>
internal static class Command
{
    /// <summary>Runs it and gives back its exit code and all it wrote.</summary>
    internal static async Task<(int ExitCode, string Output)> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var child = await ChildProcess.StartAsync(spec, (line, _) => { lock (lines) lines.Add(line); }, cancellationToken);
        try
        {
            var exitCode = await child.Exited.WaitAsync(cancellationToken);
            lock (lines) return (exitCode, string.Join('\n', lines));
        }
        catch (OperationCanceledException)
        {
            await child.StopAsync(TimeSpan.FromSeconds(1));
            throw;
        }
    }
}
