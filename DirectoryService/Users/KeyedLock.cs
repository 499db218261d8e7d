namespace DirectoryService.Users;

/// <summary>
/// An in-process asynchronous lock per key, first come first served. An uncontended lock does not wait, and unused keys take no
/// memory.
/// </summary>
internal sealed class KeyedLock<TKey> where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Entry> entries = [];

    private sealed class Entry
    {
        internal SemaphoreSlim Turn { get; } = new(1);
        internal int Users { get; set; }
    }

    /// <summary>Takes the lock; null when the wait exceeds <paramref name="limit"/>. Dispose the result to release it.</summary>
    internal async ValueTask<IDisposable?> EnterAsync(TKey key, TimeSpan limit, CancellationToken cancellationToken)
    {
        Entry? entry;
        lock (gate)
        {
            if (!entries.TryGetValue(key, out entry)) entries[key] = entry = new Entry();
            entry.Users++;
        }
        var entered = false;
        try
        {
            entered = await entry.Turn.WaitAsync(limit, cancellationToken);
            return entered ? new Holder(this, key, entry) : null;
        }
        finally
        {
            if (!entered) Leave(key, entry);
        }
    }

    private void Leave(TKey key, Entry entry)
    {
        lock (gate)
            if (--entry.Users == 0) entries.Remove(key);
    }

    private sealed class Holder(KeyedLock<TKey> owner, TKey key, Entry entry) : IDisposable
    {
        public void Dispose()
        {
            entry.Turn.Release();
            owner.Leave(key, entry);
        }
    }
}
