using System.Runtime.CompilerServices;

namespace LocalRuntime.Dashboard;

/// <summary>
/// What the dashboard shows: the newest snapshot of every resource, and their console output. The runtime publishes and
/// answers commands, the dashboard's server reads. Thread-safe, in memory, bounded.
/// </summary>
internal sealed class ResourceBoard(int logLinesPerResource = ConsoleLog.DefaultLinesPerResource)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly List<(ResourceSnapshot Snapshot, long Version)> _entries = [];
    private readonly ChangeSignal _changed = new();
    private long _version;

    /// <summary>Tells this board from one of an earlier run, whose positions mean nothing here.</summary>
    public string Epoch { get; } = Guid.NewGuid().ToString("N");

    public ConsoleLog Log { get; } = new(logLinesPerResource);

    /// <summary>
    /// Carries out a command on the resource of that display name. The task ends when the command is under way or has
    /// failed; the message of an exception is shown to the user.
    /// </summary>
    public Func<string, ResourceCommand, CancellationToken, Task>? OnCommand { get; set; }

    /// <summary>All resources in the order in which they were first published.</summary>
    public IReadOnlyList<ResourceSnapshot> Resources => ChangedSince(0).Snapshots;

    public ResourceSnapshot? Find(string displayName)
    {
        lock (_gate) return _places.TryGetValue(displayName, out var place) ? _entries[place].Snapshot : null;
    }

    /// <summary>Puts the snapshot in the place of the last one of the same display name.</summary>
    public void Publish(ResourceSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_places.TryGetValue(snapshot.DisplayName, out var place))
            {
                _entries[place] = (snapshot, ++_version);
            }
            else
            {
                _places[snapshot.DisplayName] = _entries.Count;
                _entries.Add((snapshot, ++_version));
            }
        }

        _changed.Raise();
    }

    public void AppendLog(string displayName, LogStream stream, string line, DateTimeOffset at) => Log.Append(displayName, stream, line, at);

    /// <summary>All resources at once (even if none), then those that changed, only their newest state; ends, without an exception, when cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ResourceSnapshot>> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var seen = -1L;
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = _changed.Next;
            var (snapshots, version) = ChangedSince(seen);
            if (snapshots.Count > 0 || seen < 0)
            {
                seen = version;
                yield return snapshots;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private (IReadOnlyList<ResourceSnapshot> Snapshots, long Version) ChangedSince(long version)
    {
        lock (_gate) return ([.. _entries.Where(entry => entry.Version > version).Select(entry => entry.Snapshot)], _version);
    }
}
