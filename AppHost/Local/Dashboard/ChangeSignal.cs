namespace LocalRuntime.Dashboard;

/// <summary>
/// Wakes everyone who waits for the next change. Take <see cref="Next"/> before looking at the data, so that a change in
/// between is not missed. Costs nothing while nobody waits.
/// </summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource? _waiting;

    public Task Next
    {
        get
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _waiting, fresh, null) ?? fresh).Task;
        }
    }

    public void Raise() => Interlocked.Exchange(ref _waiting, null)?.SetResult();
}
