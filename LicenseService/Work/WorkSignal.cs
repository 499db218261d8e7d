namespace LicenseService.Work;

/// <summary>The kinds of work that may be waiting.</summary>
[Flags]
internal enum WorkKind
{
    /// <summary>There may be users in pending_users.</summary>
    PendingUsers = 1,

    /// <summary>A seat may be open, or a user may have been added to the waiting list.</summary>
    OpenSeats = 2,

    /// <summary>There may be a re-evaluation of many users.</summary>
    Bulk = 4,

    All = PendingUsers | OpenSeats | Bulk,
}

/// <summary>Wakes the worker of this process at once. Workers of other replicas poll every second.</summary>
internal sealed class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly Lock gate = new();
    private WorkKind asked;

    internal void Raise(WorkKind kinds = WorkKind.All)
    {
        lock (gate)
        {
            asked |= kinds;
            if (raised.CurrentCount == 0) raised.Release();
        }
    }

    /// <summary>The kinds that were raised since the last wait; all kinds after a timeout.</summary>
    internal async Task<WorkKind> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (!await raised.WaitAsync(atMost, cancellationToken)) return WorkKind.All;
        lock (gate)
        {
            var kinds = asked;
            asked = 0;
            return kinds;
        }
    }

    public void Dispose() => raised.Dispose();
}
