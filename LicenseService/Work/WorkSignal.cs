namespace LicenseService.Work;

/// <summary>Wakes this process's worker at once. Others find what there is to do when they look, every second.</summary>
internal sealed class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly Lock gate = new();

    internal void Raise()
    {
        lock (gate)
        {
            if (raised.CurrentCount == 0) raised.Release();
        }
    }

    internal Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => raised.WaitAsync(atMost, cancellationToken);

    public void Dispose() => raised.Dispose();
}
