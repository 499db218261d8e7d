namespace DirectoryService.Admin.Jobs;

/// <summary>Wakes the job worker of this replica when this replica created a job.</summary>
internal sealed class JobSignal : IDisposable
{
    private readonly SemaphoreSlim gate = new(0, 1);

    internal void Set()
    {
        try { gate.Release(); }
        catch (SemaphoreFullException) { /* it is awake already */ }
    }

    internal Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => gate.WaitAsync(atMost, cancellationToken);

    public void Dispose() => gate.Dispose();
}
