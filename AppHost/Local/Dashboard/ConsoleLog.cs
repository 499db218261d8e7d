using System.Runtime.CompilerServices;

namespace LocalRuntime.Dashboard;

/// <summary>
/// The console output of all resources, bounded: so many last lines of each, each of a bounded length. A follower keeps no
/// queue here; it remembers the last sequence it has seen and asks for what came after, so one that is slow costs
/// nothing and misses only what was overwritten meanwhile.
/// </summary>
internal sealed class ConsoleLog(int linesPerResource = ConsoleLog.DefaultLinesPerResource)
{
    public const int DefaultLinesPerResource = 5_000;
    public const int LongestLine = 8_192;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogBuffer> _buffers = new(StringComparer.Ordinal);
    private readonly ChangeSignal _appended = new();
    private long _sequence;

    public void Append(string resource, LogStream stream, string text, DateTimeOffset at)
    {
        if (text.Length > LongestLine) text = string.Concat(text.AsSpan(0, LongestLine), $" … ({text.Length - LongestLine} more characters)");
        lock (_gate)
        {
            if (!_buffers.TryGetValue(resource, out var buffer)) _buffers[resource] = buffer = new(linesPerResource);
            buffer.Add(new(++_sequence, resource, stream, at, text));
        }

        _appended.Raise();
    }

    /// <summary>The last lines after the given sequence, oldest first, of one resource, or of all if none is named.</summary>
    public IReadOnlyList<LogLine> Read(string? resource, long after = 0, int limit = int.MaxValue)
    {
        lock (_gate)
        {
            if (resource is not null) return _buffers.TryGetValue(resource, out var buffer) ? [.. buffer.After(after, limit)] : [];
            var lines = _buffers.Values.SelectMany(each => each.After(after, limit)).OrderBy(line => line.Sequence).ToList();
            return lines.Count > limit ? lines[^limit..] : lines;
        }
    }

    /// <summary>The last lines at once, then every further one, in batches; ends, without an exception, when cancelled.</summary>
    /// <param name="resource">Of this one, or of all if null.</param>
    /// <param name="after">Only what came after this sequence.</param>
    /// <param name="limit">Of what is there already, at most so many of the last lines.</param>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(
        string? resource, long after = 0, int limit = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var next = _appended.Next;
            var lines = Read(resource, after, limit);
            if (lines.Count > 0)
            {
                (after, limit) = (lines[^1].Sequence, int.MaxValue);
                yield return lines;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
