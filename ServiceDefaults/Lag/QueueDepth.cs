using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ServiceDefaults.Messaging;

namespace ServiceDefaults.Lag;

/// <summary>
/// About how many facts wait in the service's queue: the broker counts messages, and those that came of late tell how many
/// facts one carries. Those that consumers hold in hand (a few thousand at most) are not counted by it.
/// </summary>
internal sealed class QueueDepth(IConnectionFactory broker, FactQueue queue) : IAsyncDisposable
{
    private const double Weight = 0.1;

    private readonly SemaphoreSlim one = new(1);
    private double factsPerMessage = 1;
    private IConnection? connection;
    private IChannel? channel;

    /// <summary>A message with that many facts was taken from the queue.</summary>
    internal void Took(int facts) => Volatile.Write(ref factsPerMessage, ((1 - Weight) * Volatile.Read(ref factsPerMessage)) + (Weight * facts));

    internal static bool IsAway(Exception error) => error is BrokerUnreachableException or OperationInterruptedException;

    /// <exception cref="Exception">The broker is away: <see cref="IsAway"/>.</exception>
    internal async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            if (channel is not { IsOpen: true })
            {
                if (connection is not { IsOpen: true }) connection = await broker.CreateConnectionAsync("lag", cancellationToken);
                channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            }
            return (long)Math.Ceiling(await channel.MessageCountAsync(queue.Name, cancellationToken) * Volatile.Read(ref factsPerMessage));
        }
        finally
        {
            one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null) await channel.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
        one.Dispose();
    }
}
