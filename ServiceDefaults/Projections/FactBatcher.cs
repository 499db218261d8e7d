using System.Diagnostics;
using Contracts.Events.V1;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.Lag;
using ServiceDefaults.Telemetry;

namespace ServiceDefaults.Projections;

/// <summary>
/// Applies facts in batches: one batch at a time, of all that came while the one before was being applied. An idle
/// batcher begins at once; a busy one pays one commit for up to <see cref="FactBatch.MaxFacts"/> facts, and gathers a moment behind
/// a small batch.
/// <code>
///                 ┌ users, groups, directories ─┐
/// ApplyAsync ─────┤                             ├─► up to 100 facts, about 5,000 edges ─► FactApplier ─► each caller's end
///                 └ members ────────────────────┘                                       │ a fault that waiting does not mend
///                                                                                       └─► one by one: only the faulty one fails
/// </code>
/// Facts are order-blind, so a fact about a user overtakes those about members of a large group.
/// </summary>
public sealed partial class FactBatcher(FactApplier applier, FactAges ages, TimeProvider clock, ILogger<FactBatcher> log) : IDisposable
{
    private const int EnoughEdges = 4 * MembersChanged.MaxEdges;
    private const int Few = 50;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly Queue<Waiting> states = [];
    private readonly Queue<Waiting> members = [];
    private readonly CancellationTokenSource stopping = new();
    private List<Waiting> applying = [];
    private bool pumping;

    private readonly record struct Waiting(IFact Fact, TaskCompletionSource Done);

    /// <summary>Ends when the fact is committed, or fails as its batch did.</summary>
    public Task ApplyAsync(IFact fact, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            (fact is MembersChanged ? members : states).Enqueue(new Waiting(fact, done));
            if (!pumping)
            {
                pumping = true;
                _ = Task.Run(PumpAsync, CancellationToken.None);
            }
        }
        return done.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Facts in hand, those that are being applied among them, and when the directory recorded the oldest.</summary>
    internal (int Count, DateTimeOffset? Oldest) InHand
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

    private async Task PumpAsync()
    {
        Activity.Current = null; // a batch belongs to its facts, not to whoever brought the first one
        while (Take() is { Count: > 0 } batch)
        {
            if (!await TryApplyAsync(batch))
                foreach (var one in batch) await TryApplyAsync([one]);
            // A commit for each of a steady stream of facts would cost more than what they change.
            if (batch.Count < Few) await Task.Delay(Gathering, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Empty: there is nothing to do, and the next fact starts the pump again.</summary>
    private List<Waiting> Take()
    {
        lock (gate)
        {
            var batch = new List<Waiting>();
            // One place is kept for members: a stream of facts about users must not hold them up for good.
            var most = members.Count > 0 ? FactBatch.MaxFacts - 1 : FactBatch.MaxFacts;
            while (batch.Count < most && states.TryDequeue(out var state)) batch.Add(state);
            var edges = 0;
            while (batch.Count < FactBatch.MaxFacts && edges < EnoughEdges && members.TryDequeue(out var part))
            {
                edges += ((MembersChanged)part.Fact).Edges.Count;
                batch.Add(part);
            }
            pumping = batch.Count > 0;
            return applying = batch;
        }
    }

    /// <summary>False: nothing was done and nobody told; each fact deserves a try of its own.</summary>
    private async Task<bool> TryApplyAsync(List<Waiting> batch)
    {
        try
        {
            var facts = batch.ConvertAll(waiting => waiting.Fact);
            using var span = FactTraces.Start("apply facts", ActivityKind.Consumer, facts);
            await applier.ApplyAsync(facts, stopping.Token);
            ages.Applied(facts, clock.GetUtcNow());
            foreach (var waiting in batch) waiting.Done.SetResult();
            return true;
        }
        catch (Exception error)
        {
            // What passes by itself is tried again by whoever brought the fact (see MessagingExtensions), batched anew.
            if (batch.Count > 1 && error is not (NpgsqlException { IsTransient: true } or OperationCanceledException))
            {
                BatchFailed(error, batch.Count);
                return false;
            }
            foreach (var waiting in batch) waiting.Done.SetException(error);
            return true;
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} facts failed; they are applied one by one")]
    private partial void BatchFailed(Exception error, int count);
}
