using System.Diagnostics;
using Npgsql;

namespace DirectoryService.Storage;

/// <summary>
/// Does together what is asked for at about the same time, since ten rows in one transaction cost little more than one.
/// Who comes alone does not wait for company: work begins at once while fewer than <paramref name="atOnce"/> groups of the
/// same key are under way; what comes meanwhile goes together into the next one.
/// <code>
/// DoAsync ─► the key's queue ─► up to <paramref name="most"/> ─► one transaction ─► each caller's result
///                                                   │ the server refused it: nothing was done
///                                                   └─► one by one: only what is at fault fails
/// </code>
/// </summary>
/// <typeparam name="TKey">What can be done together.</typeparam>
/// <typeparam name="T">What is asked for.</typeparam>
/// <typeparam name="TResult">What each caller gets.</typeparam>
/// <param name="weigh">Bytes of one, of which about <see cref="EnoughBytes"/> go together: what is large gains nothing by company.</param>
/// <param name="act">All of them or none, in one transaction; results in the order of what was asked for.</param>
internal sealed class Gatherer<TKey, T, TResult>(
    int atOnce, int most, Func<T, int> weigh, Func<TKey, IReadOnlyList<T>, Task<IReadOnlyList<TResult>>> act)
    where TKey : notnull
{
    private const int EnoughBytes = 512 * 1024;
    private const int Few = 6;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(4);

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Line> lines = [];

    private sealed class Line
    {
        internal Queue<Waiting> Queue { get; } = [];
        internal int UnderWay { get; set; }
    }

    private sealed record Waiting(T Asked, int Weight, Activity? Trace, CancellationToken Cancelled)
    {
        internal TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Cancelled: not begun, or begun and done all the same without anybody who waits for it.</summary>
    internal Task<TResult> DoAsync(TKey key, T asked, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(asked, weigh(asked), Activity.Current, cancellationToken);
        lock (gate)
        {
            if (!lines.TryGetValue(key, out var line)) lines[key] = line = new Line();
            line.Queue.Enqueue(waiting);
            if (line.UnderWay < atOnce)
            {
                line.UnderWay++;
                _ = Task.Run(() => PumpAsync(key, line), CancellationToken.None);
            }
        }
        return waiting.Done.Task.WaitAsync(cancellationToken);
    }

    private async Task PumpAsync(TKey key, Line line)
    {
        while (Take(key, line) is { Count: > 0 } group)
        {
            if (!await TryAsync(key, group))
                foreach (var one in group) await TryAsync(key, [one]);
            // Where several come at a time others are about to: with them the next statement is worth more.
            if (group.Count is > 1 and < Few) await Task.Delay(Breath);
        }
    }

    /// <summary>Empty: nothing is left to do, and this pump ends.</summary>
    private List<Waiting> Take(TKey key, Line line)
    {
        lock (gate)
        {
            var group = new List<Waiting>();
            for (var room = EnoughBytes; group.Count < most && room > 0 && line.Queue.TryDequeue(out var next);)
            {
                if (next.Cancelled.IsCancellationRequested) continue;
                group.Add(next);
                room -= next.Weight;
            }
            if (group.Count == 0 && --line.UnderWay == 0) lines.Remove(key);
            return group;
        }
    }

    /// <summary>False: nothing was done and nobody told; each deserves a try of its own.</summary>
    private async Task<bool> TryAsync(TKey key, List<Waiting> group)
    {
        try
        {
            // The statement stands in the trace of one of those that it serves.
            Activity.Current = group[0].Trace;
            var results = await act(key, group.ConvertAll(waiting => waiting.Asked));
            for (var i = 0; i < group.Count; i++) group[i].Done.SetResult(results[i]);
            return true;
        }
        catch (PostgresException) when (group.Count > 1)
        {
            return false;
        }
        catch (Exception error)
        {
            foreach (var waiting in group) waiting.Done.TrySetException(error);
            return true;
        }
    }
}
