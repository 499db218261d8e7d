namespace ServiceDefaults.Messaging;

/// <summary>
/// Lets a request wait for a fact that has not arrived yet, for example about a user that was created a moment ago. The
/// consumer in this process wakes it at once; because another replica may consume the fact, it also polls every <see
/// cref="Poll"/>. (NOTIFY would reach every replica, but it serializes all commits of the database, and there are thousands of
/// facts a second.)
/// </summary>
public sealed class FactArrivalSignal(TimeProvider clock)
{
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, List<SemaphoreSlim>> waiting = [];

    /// <summary>Call after a fact about this user or group was committed.</summary>
    public void Arrived(Guid id)
    {
        lock (gate)
        {
            if (!waiting.TryGetValue(id, out var waiters)) return;
            foreach (var waiter in waiters) waiter.Release();
        }
    }

    /// <summary>
    /// Asks until the answer is <paramref name="enough"/>, for at most <see cref="Grace"/>, and returns the last answer.
    /// </summary>
    /// <param name="ids">Ids of users or groups whose facts could change the answer.</param>
    public async Task<T> AwaitAsync<T>(
        IReadOnlyCollection<Guid> ids, Func<CancellationToken, Task<T>> ask, Func<T, bool> enough, CancellationToken cancellationToken)
    {
        var answer = await ask(cancellationToken);
        if (enough(answer)) return answer;

        using var woken = new SemaphoreSlim(0);
        Register(ids, woken);
        try
        {
            // Ask again after registering, because the fact may have arrived in between.
            var until = clock.GetUtcNow() + Grace;
            while (!enough(answer = await ask(cancellationToken)) && until - clock.GetUtcNow() is { Ticks: > 0 } left)
                await woken.WaitAsync(left < Poll ? left : Poll, cancellationToken);
            return answer;
        }
        finally
        {
            Unregister(ids, woken);
        }
    }

    private void Register(IEnumerable<Guid> ids, SemaphoreSlim waiter)
    {
        lock (gate)
        {
            foreach (var id in ids)
            {
                if (!waiting.TryGetValue(id, out var waiters)) waiting[id] = waiters = [];
                waiters.Add(waiter);
            }
        }
    }

    private void Unregister(IEnumerable<Guid> ids, SemaphoreSlim waiter)
    {
        lock (gate)
        {
            foreach (var id in ids)
            {
                var waiters = waiting[id];
                waiters.Remove(waiter);
                if (waiters.Count == 0) waiting.Remove(id);
            }
        }
    }
}
