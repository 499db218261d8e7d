using ServiceDefaults.Messaging;

namespace ServiceDefaults.Lag;

/// <summary>Facts that this service has not applied and that are in no consumer's hands, about.</summary>
/// <param name="Ready">In the queue.</param>
/// <param name="SetAside">
/// In the error queue, from where they come back (see <see cref="SetAsideReturn"/>). Counted as messages: a fact at fault is set aside alone.
/// </param>
internal readonly record struct QueuedFacts(long Ready, long SetAside)
{
    internal long Total => Ready + SetAside;
}

/// <summary>
/// About how many facts wait in the service's queues: the broker counts messages, and those that came of late tell how many
/// facts one carries. It counts only what no consumer has; those are the batcher's to tell.
/// </summary>
internal sealed class QueueDepth(BrokerChannel broker, FactQueue queue)
{
    private const double Weight = 0.1;

    private double factsPerMessage = 1;

    /// <summary>A message with that many facts was taken from the queue.</summary>
    internal void Took(int facts) => Volatile.Write(ref factsPerMessage, ((1 - Weight) * Volatile.Read(ref factsPerMessage)) + (Weight * facts));

    /// <exception cref="BrokerAwayException">The broker did not answer.</exception>
    internal async Task<QueuedFacts> CountAsync(CancellationToken cancellationToken)
    {
        var ready = await broker.CountAsync(queue.Name, cancellationToken);
        var setAside = await broker.CountAsync(queue.ErrorName, cancellationToken);
        return new QueuedFacts((long)Math.Ceiling(ready * Volatile.Read(ref factsPerMessage)), setAside);
    }
}
