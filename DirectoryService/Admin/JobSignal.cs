namespace DirectoryService.Admin;

/// <summary>Wakes the worker of this replica when a job was made here.</summary>
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
