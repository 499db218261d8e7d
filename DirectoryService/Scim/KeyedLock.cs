namespace DirectoryService.Scim;

/// <summary>
/// One at a time for each key, in this process, in the order in which they come. Who comes alone waits for nothing, and keys
/// that nobody holds cost nothing.
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

    /// <summary>Null when the wait was longer than <paramref name="limit"/>. Dispose it to let the next one in.</summary>
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
