using LocalRuntime.Processes;

namespace LocalRuntime.State;

/// <summary>
/// Ends what a killed AppHost left behind. The kernel asked its children to end when it died; this catches those that did
/// not. A process is only touched when its id, its start time and its program are those that were written down.
/// </summary>
internal static class OrphanSweep
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    internal static async Task RunAsync(IReadOnlyList<ChildRecord> children, CancellationToken cancellationToken)
    {
        var orphans = children.Where(IsOurs).Select(child => child.Process).ToList();
        if (orphans.Count == 0) return;
        foreach (var orphan in orphans) Signals.Send(orphan.Pid, Signal.Terminate);
        if (await EndedAsync(orphans, Grace, cancellationToken)) return;
        foreach (var orphan in orphans.Where(orphan => orphan.IsAlive)) Signals.SendToGroup(orphan.Pid, Signal.Kill);
        if (!await EndedAsync(orphans, Grace, cancellationToken))
            throw new StartupException($"Processes of an earlier start cannot be ended: {string.Join(", ", orphans.Where(orphan => orphan.IsAlive).Select(orphan => orphan.Pid))}.");
    }

    private static bool IsOurs(ChildRecord child) =>
        child.Process.IsAlive && (child.Program is null || ChildProcess.IsLauncher(child.Program) || child.Process.Program == child.Program);

    private static async Task<bool> EndedAsync(List<ProcessIdentity> orphans, TimeSpan bound, CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        for (var waited = TimeSpan.Zero; waited < bound; waited += pause)
        {
            if (!orphans.Exists(orphan => orphan.IsAlive)) return true;
            await Task.Delay(pause, cancellationToken);
        }

        return false;
    }
}
