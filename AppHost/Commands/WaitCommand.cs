using System.Globalization;
using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary><c>--wait PID</c>: returns when the system that this AppHost starts is healthy (0), or when it will not be (1).</summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    internal static async Task<int> RunAsync(DataLocation data, string[] args, CancellationToken cancellationToken)
    {
        var pid = args.SkipWhile(arg => arg != "--wait").ElementAtOrDefault(1);
        if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw new StartupException("--wait needs the process id of an AppHost.");
        // The AppHost bounds its start itself, ends when it gives up, and says why in its last line.
        for (var starting = ProcessIdentity.Of(number); starting is { IsAlive: true }; await Task.Delay(Pause, cancellationToken))
        {
            if (SystemState.Read(data) is { } state && state.AppHost == starting && state.IsHealthy) return 0;
        }

        return 1;
    }
}
