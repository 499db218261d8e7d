using System.Diagnostics;
using Contracts.Events.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDefaults.BackgroundLoops;
using ServiceDefaults.Lag;
using ServiceDefaults.Storage;
using ServiceDefaults.Telemetry;

namespace ServiceDefaults.Projections;

/// <summary>
/// Applies facts in batches (group commit): one batch at a time, with all facts that arrived while the previous one was
/// applied. An idle batcher starts at once; a busy one needs one commit for up to <see cref="FactBatch.MaxFacts"/> facts, and
/// waits a moment after a small batch.
/// <code>
///                 ┌ users, groups, directories ─┐
/// ApplyAsync ─────┤                             ├─► up to 100 facts, about 5,000 edges ─► FactApplier ─► all callers complete
///                 └ members ────────────────────┘                                       │ a permanent fault
///                                                                                       ├─► one by one: only the faulty one fails
///                                                                                       └ a transient fault: the same batch again, without limit
/// </code>
/// While a batch waits for the database its messages stay unacknowledged, so the broker delivers no more than the prefetch
/// count: the consumer pauses, and only faulty messages are dead-lettered. Facts are order-blind, so facts about users may
/// overtake those about members of a large group.
/// </summary>
public sealed partial class FactBatcher(
    FactApplier applier, FactAgeMetrics ages, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<FactBatcher> log) : IDisposable
{
    private const int EnoughEdges = 4 * MembersChanged.MaxEdges;
    private const int SmallBatch = 50;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<PendingFact> states = [];
    private readonly Queue<PendingFact> members = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly BackOff backOff = new(ShortestPause, LongestPause);
    private List<PendingFact> applying = [];
    private bool pumping;

    private readonly record struct PendingFact(IFact Fact, TaskCompletionSource Done, CancellationToken Left);

    private enum Outcome
    {
        /// <summary>The batch was committed and all callers completed.</summary>
        Done,

        /// <summary>Nothing was committed and no caller completed; each fact is tried by itself.</summary>
        Faulty,

        /// <summary>Nothing was committed and no caller completed; the same batch will succeed later.</summary>
        Passing,
    }

    /// <summary>
    /// Completes when the fact is committed, however long the database is unavailable. Fails if the fact is faulty, or if the
    /// service stops while waiting.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the message's channel is closed; the broker then redelivers the message.</param>
    public Task ApplyAsync(IFact fact, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            (fact is MembersChanged ? members : states).Enqueue(new PendingFact(fact, done, cancellationToken));
            if (!pumping)
            {
                pumping = true;
                _ = Task.Run(PumpAsync, CancellationToken.None);
            }
        }
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Number of facts received and not yet applied, including the current batch, and when the directory recorded the oldest.
    /// </summary>
    internal (int Count, DateTimeOffset? Oldest) Pending
    {
        get
        {
            lock (gate)
            {
                var all = applying.Concat(states).Concat(members).Select(waiting => waiting.Fact.At).ToList();
                return (all.Count, all.Count > 0 ? all.Min() : null);
            }
        }
    }

    /// <summary>Number of consecutive failures because of an unavailable database; 0 while facts are applied.</summary>
    internal int FailedTries => backOff.Failures;

    private async Task PumpAsync()
    {
        Activity.Current = null; // a batch is traced with its facts, not with the message that started it
        while (Take() is { Count: > 0 } batch)
        {
            if (await RetryUntilAppliedAsync(batch) == Outcome.Faulty)
                foreach (var one in batch) await RetryUntilAppliedAsync([one]);
            // Without this pause a steady stream of facts would need one commit per fact.
            if (batch.Count < SmallBatch) await Task.Delay(Gathering, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes the next batch. When it is empty the apply loop ends, and the next fact starts it again.</summary>
    private List<PendingFact> Take()
    {
        lock (gate)
        {
            var batch = new List<PendingFact>();
            // One place of a batch is reserved for members, so that a stream of facts about users cannot block them for ever.
            var most = members.Count > 0 ? FactBatch.MaxFacts - 1 : FactBatch.MaxFacts;
            while (batch.Count < most && states.TryDequeue(out var state))
                if (!state.Left.IsCancellationRequested) batch.Add(state);
            var edges = 0;
            while (batch.Count < FactBatch.MaxFacts && edges < EnoughEdges && members.TryDequeue(out var part))
            {
                if (part.Left.IsCancellationRequested) continue;
                edges += ((MembersChanged)part.Fact).Edges.Count;
                batch.Add(part);
            }
            pumping = batch.Count > 0;
            return applying = batch;
        }
    }

    /// <summary>Tries until the database is available again, no caller waits any more, or the service stops.</summary>
    private async Task<Outcome> RetryUntilAppliedAsync(List<PendingFact> batch)
    {
        while (true)
        {
            var outcome = await TryApplyAsync(batch);
            if (outcome != Outcome.Passing) return outcome;
            await Task.Delay(backOff.Failed(), clock, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (lifetime.ApplicationStopping.IsCancellationRequested)
            {
                foreach (var waiting in batch) waiting.Done.TrySetCanceled(lifetime.ApplicationStopping);
                return Outcome.Done;
            }
            if (batch.TrueForAll(waiting => waiting.Left.IsCancellationRequested)) return Outcome.Done;
        }
    }

    private async Task<Outcome> TryApplyAsync(List<PendingFact> batch)
    {
        try
        {
            var facts = batch.ConvertAll(waiting => waiting.Fact);
            using var span = FactTraces.Start("apply facts", ActivityKind.Consumer, facts);
            await applier.ApplyAsync(facts, stopping.Token);
            ages.Applied(facts, clock.GetUtcNow());
            foreach (var waiting in batch) waiting.Done.SetResult();
            if (backOff.Succeeded() is > 0 and var failures) GoesOn(failures);
            return Outcome.Done;
        }
        catch (Exception error) when (TransientDatabaseFault.IsTransient(error))
        {
            if (int.IsPow2(backOff.Failures + 1)) Waits(error, backOff.Failures + 1);
            return Outcome.Passing;
        }
        catch (Exception error)
        {
            if (batch.Count > 1 && error is not OperationCanceledException)
            {
                BatchFailed(error, batch.Count);
                return Outcome.Faulty;
            }
            foreach (var waiting in batch) waiting.Done.SetException(error);
            return Outcome.Done;
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} facts failed; they are applied one by one")]
    private partial void BatchFailed(Exception error, int count);

    [LoggerMessage(LogLevel.Warning, "Facts wait for the database (failures in a row: {Failures}); no more are taken from the queue")]
    private partial void Waits(Exception error, int failures);

    [LoggerMessage(LogLevel.Information, "Facts are applied again after {Failures} failures")]
    private partial void GoesOn(int failures);
}
