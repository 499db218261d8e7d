using System.Diagnostics;
using Npgsql;

namespace DirectoryService.Storage;

/// <summary>
/// Coalesces concurrent requests into one transaction, because ten rows in one transaction cost little more than one. A single
/// request does not wait: a batch starts at once while fewer than <paramref name="atOnce"/> batches of the same key run;
/// requests that arrive meanwhile go into the next batch.
/// <code>
/// DoAsync ─► the key's queue ─► up to <paramref name="most"/> ─► one transaction ─► each caller's result
///                                                   │ the database refused it: nothing was changed
///                                                   └─► one by one: only the faulty request fails
/// </code>
/// </summary>
/// <typeparam name="TKey">Key of requests that can be coalesced.</typeparam>
/// <typeparam name="T">A request.</typeparam>
/// <typeparam name="TResult">The result of a request.</typeparam>
/// <param name="weigh">Size of a request in bytes. A batch has about <see cref="MaxBatchBytes"/>, because large requests gain nothing from coalescing.</param>
/// <param name="act">Executes all requests or none, in one transaction; results in the order of the requests.</param>
internal sealed class WriteCoalescer<TKey, T, TResult>(
    int atOnce, int most, Func<T, int> weigh, Func<TKey, IReadOnlyList<T>, Task<IReadOnlyList<TResult>>> act)
    where TKey : notnull
{
    private const int MaxBatchBytes = 512 * 1024;
    private const int SmallBatch = 6;
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(4);

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, KeyQueue> lines = [];

    private sealed class KeyQueue
    {
        internal Queue<PendingRequest> Queue { get; } = [];
        internal int UnderWay { get; set; }
    }

    private sealed record PendingRequest(T Asked, int Weight, Activity? Trace, CancellationToken Cancelled)
    {
        internal TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Executes a request. On cancellation it may still be executed, without a caller that waits for it.</summary>
    internal Task<TResult> ExecuteAsync(TKey key, T asked, CancellationToken cancellationToken)
    {
        var waiting = new PendingRequest(asked, weigh(asked), Activity.Current, cancellationToken);
        lock (gate)
        {
            if (!lines.TryGetValue(key, out var line)) lines[key] = line = new KeyQueue();
            line.Queue.Enqueue(waiting);
            if (line.UnderWay < atOnce)
            {
                line.UnderWay++;
                _ = Task.Run(() => PumpAsync(key, line), CancellationToken.None);
            }
        }
        return waiting.Done.Task.WaitAsync(cancellationToken);
    }

    private async Task PumpAsync(TKey key, KeyQueue line)
    {
        while (Take(key, line) is { Count: > 0 } group)
        {
            if (!await TryAsync(key, group))
                foreach (var one in group) await TryAsync(key, [one]);
            // Several concurrent requests are usually followed by more: wait a moment to put them into the same statement.
            if (group.Count is > 1 and < SmallBatch) await Task.Delay(BatchDelay);
        }
    }

    /// <summary>Takes the next batch. When it is empty, this loop ends.</summary>
    private List<PendingRequest> Take(TKey key, KeyQueue line)
    {
        lock (gate)
        {
            var group = new List<PendingRequest>();
            for (var room = MaxBatchBytes; group.Count < most && room > 0 && line.Queue.TryDequeue(out var next);)
            {
                if (next.Cancelled.IsCancellationRequested) continue;
                group.Add(next);
                room -= next.Weight;
            }
            if (group.Count == 0 && --line.UnderWay == 0) lines.Remove(key);
            return group;
        }
    }

    /// <summary>
    /// Executes a batch. Returns false when nothing was changed and no caller completed; each request is then tried by itself.
    /// </summary>
    private async Task<bool> TryAsync(TKey key, List<PendingRequest> group)
    {
        try
        {
            // The statement is traced in the trace of the first request of the batch.
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
