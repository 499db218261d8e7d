using System.Globalization;
using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary><c>--wait PID</c>: waits until the system that this AppHost starts is healthy (exit code 0) or its start has failed (1).</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    internal static async Task<int> RunAsync(DataLocation data, string[] args, CancellationToken cancellationToken)
    {
        var pid = args.SkipWhile(arg => arg != "--wait").ElementAtOrDefault(1);
        if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw new StartupException("--wait needs the process id of an AppHost.");
        // The AppHost itself limits the time of its start, ends when the start fails, and prints the reason as its last line.
        for (var starting = ProcessIdentity.Of(number); starting is { IsAlive: true }; await Task.Delay(Pause, cancellationToken))
        {
            if (SystemState.Read(data) is { } state && state.AppHost == starting && state.IsHealthy) return 0;
        }

        return 1;
    }
}
