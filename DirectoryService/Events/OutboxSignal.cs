namespace DirectoryService.Events;

/// <summary>
/// Signals within this process that the outbox has rows. Several signals before a wait are one wake-up. A NOTIFY in each write
/// would serialize all commits on one lock of the server; therefore replicas notify each other outside of the writes, see <see
/// cref="OutboxNotifier"/>.
/// </summary>
internal sealed class OutboxSignal : IDisposable
{
    private readonly SemaphoreSlim gate = new(0, 1);

    /// <summary>Raised only for writes of this process.</summary>
    internal event Action? Written;

    /// <summary>Call after a write of this process was committed.</summary>
    internal void SignalWritten()
    {
        SignalNotified();
        Written?.Invoke();
    }

    /// <summary>Call after a notification of another replica.</summary>
    internal void SignalNotified()
    {
        try { gate.Release(); }
        catch (SemaphoreFullException) { /* already set: one wake-up serves both */ }
    }

    internal Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => gate.WaitAsync(atMost, cancellationToken);

    public void Dispose() => gate.Dispose();
}
