using LocalRuntime.Processes;
using LocalRuntime.State;

namespace LocalRuntime.Cli;

/// <summary>Ends the system and returns when nothing of it runs any more.</summary>
internal static class StopCommand
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(50);

    internal static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var state = SystemState.Read(context.Settings.Data);
        if (state is { AppHost.IsAlive: true })
        {
            Signals.Send(state.AppHost.Pid, Signal.Terminate);
            for (var waited = TimeSpan.Zero; state.AppHost.IsAlive; waited += Pause)
            {
                if (waited > Bound)
                {
                    await Console.Error.WriteLineAsync($"The AppHost (process {state.AppHost.Pid}) did not end within {Bound.TotalSeconds:0} s; it is killed.");
                    Signals.Send(state.AppHost.Pid, Signal.Kill);
                    break;
                }

                await Task.Delay(Pause, cancellationToken);
            }

            await Console.Out.WriteLineAsync("Stopped.");
        }
        else
        {
            await Console.Out.WriteLineAsync("The system does not run.");
        }

        await OrphanSweep.RunAsync(SystemState.Read(context.Settings.Data)?.Children ?? [], cancellationToken);
        return 0;
    }
}
