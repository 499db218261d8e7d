using ServiceDefaults.Messaging;

namespace ServiceDefaults.Lag;

/// <summary>Approximate number of facts that wait on the broker for this service.</summary>
/// <param name="Ready">Facts in the queue, estimated.</param>
/// <param name="SetAside">
/// Messages in the error queue, which are retried (see <see cref="DeadLetterRetry"/>). Nearly all contain one fact.
/// </param>
internal readonly record struct QueuedFactCount(long Ready, long SetAside)
{
    internal long Total => Ready + SetAside;
}

/// <summary>
/// Estimates how many facts wait in the service's queues: the broker's number of messages times the average number of facts in
/// recent messages. Unacknowledged messages are not included; the batcher counts those.
/// </summary>
internal sealed class QueueDepth(BrokerChannel broker, FactQueue queue)
{
    private const double Weight = 0.1;

    private double factsPerMessage = 1;

    /// <summary>Records the number of facts of a received message.</summary>
    internal void RecordMessage(int facts) => Volatile.Write(ref factsPerMessage, ((1 - Weight) * Volatile.Read(ref factsPerMessage)) + (Weight * facts));

    /// <exception cref="BrokerUnavailableException">The broker did not answer.</exception>
    internal async Task<QueuedFactCount> CountAsync(CancellationToken cancellationToken)
    {
        var ready = await broker.CountAsync(queue.Name, cancellationToken);
        var setAside = await broker.CountAsync(queue.ErrorName, cancellationToken);
        return new QueuedFactCount((long)Math.Ceiling(ready * Volatile.Read(ref factsPerMessage)), setAside);
    }
}
