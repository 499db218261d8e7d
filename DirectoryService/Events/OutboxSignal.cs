namespace DirectoryService.Events;

/// <summary>
/// "There is something in the outbox", within this process. Any number of settings before a wait is one wake-up.
/// A NOTIFY inside each write would make all commits queue behind one lock of the server; so replicas tell each other
/// apart from the writes, see <see cref="OutboxNotifier"/>.
/// </summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim gate = new(0, 1);

    /// <summary>Raised by writes of this process only.</summary>
    internal event Action? Written;

    /// <summary>A write of this process put something there.</summary>
    internal void Set()
    {
        Wake();
        Written?.Invoke();
    }

    /// <summary>Somebody says that there is something there.</summary>
    internal void Wake()
    {
        try { gate.Release(); }
        catch (SemaphoreFullException) { /* already set: one wake-up serves both */ }
    }

    internal Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => gate.WaitAsync(atMost, cancellationToken);

    public void Dispose() => gate.Dispose();
}
