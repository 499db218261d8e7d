using System.Collections.Concurrent;
using System.Diagnostics;

namespace LocalRuntime.Processes;

/// <summary>
/// Starts all children from one thread that lives as long as the AppHost: Linux ties the parent-death signal to the
/// thread that forked, so a child started from a pool thread would be ended when the pool shrinks.
/// </summary>
internal sealed class StarterThread
{
    internal static readonly StarterThread Shared = new();

    private readonly BlockingCollection<Action> _work = [];

    private StarterThread() => new Thread(Work) { IsBackground = true, Name = "starts child processes" }.Start();

    internal Task<Process> StartAsync(ProcessStartInfo startInfo)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(startInfo)!);
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return started.Task;
    }

    private void Work()
    {
        foreach (var start in _work.GetConsumingEnumerable()) start();
    }
}
