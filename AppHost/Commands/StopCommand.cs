using AppHost.RunMode;

namespace AppHost.Commands;

/// <summary>Stops the system and returns when no process of it is left.</summary>
internal static class StopCommand
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(12), Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Time limit for DCP to end the remaining processes and containers, and itself.</summary>
    private static readonly TimeSpan Cleanup = TimeSpan.FromSeconds(8);

    internal static async Task<int> RunAsync(DataLocation data, CancellationToken cancellationToken)
    {
        var state = SystemState.Read(data);
        if (state is { AppHost.IsAlive: true })
        {
            ProcessSignals.Send(state.AppHost.Pid, Signal.Terminate);
            for (var waited = TimeSpan.Zero; state.AppHost.IsAlive; waited += Pause)
            {
                if (waited > Bound)
                {
                    await Console.Error.WriteLineAsync($"The AppHost (process {state.AppHost.Pid}) did not end within {Bound.TotalSeconds:0} s; it is killed.");
                    ProcessSignals.Send(state.AppHost.Pid, Signal.Kill);
                    break;
                }

                await Task.Delay(Pause, cancellationToken);
            }

            await OrphanProcesses.EndAsync(SystemState.Read(data)?.Processes ?? [], Cleanup, cancellationToken);
            await Console.Out.WriteLineAsync("Stopped.");
            return 0;
        }

        await Console.Out.WriteLineAsync("The system does not run.");
        await OrphanProcesses.EndAsync(state?.Processes ?? [], patience: null, cancellationToken);
        return 0;
    }
}
