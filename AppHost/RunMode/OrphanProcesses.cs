namespace AppHost.RunMode;

/// <summary>
/// Ends processes of an AppHost that was killed or did not stop in time. DCP ends them by itself a few seconds after its
/// AppHost ended; this waits for that and ends the rest. Only processes that were recorded by id and start time are ended.
/// </summary>
internal static class OrphanProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), Grace = TimeSpan.FromSeconds(3), Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="patience">How long to wait for DCP first; null for the time it needs to detect a killed AppHost.</param>
    /// <exception cref="StartupException">A process could not be ended.</exception>
    internal static async Task EndAsync(IReadOnlyList<ProcessIdentity> processes, TimeSpan? patience, CancellationToken cancellationToken)
    {
        if (await EndedAsync(processes, patience ?? Patience, cancellationToken)) return;
        foreach (var process in processes.Where(process => process.IsAlive)) ProcessSignals.Send(process.Pid, Signal.Terminate);
        if (await EndedAsync(processes, Grace, cancellationToken)) return;
        foreach (var process in processes.Where(process => process.IsAlive)) ProcessSignals.Send(process.Pid, Signal.Kill);
        if (!await EndedAsync(processes, Grace, cancellationToken))
            throw new StartupException($"Processes of an earlier start cannot be ended: {string.Join(", ", processes.Where(process => process.IsAlive).Select(process => process.Pid))}.");
    }

    private static async Task<bool> EndedAsync(IReadOnlyList<ProcessIdentity> processes, TimeSpan bound, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            if (!processes.Any(process => process.IsAlive)) return true;
            if (waited >= bound) return false;
            await Task.Delay(Pause, cancellationToken);
        }
    }
}
