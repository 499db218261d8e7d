namespace LicenseService.Work;

/// <summary>What there may be to do.</summary>
[Flags]
internal enum WorkKind
{
    /// <summary>Single users are to be judged.</summary>
    Users = 1,

    /// <summary>A seat may be open, or somebody new may stand in line.</summary>
    Seats = 2,

    /// <summary>There is work over many users.</summary>
    Walks = 4,

    All = Users | Seats | Walks,
}

/// <summary>Wakes this process's worker at once. Others find what there is to do when they look, every second.</summary>
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

    /// <summary>What was raised since the last wait; all of it when nothing was.</summary>
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
