using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ServiceDefaults.Messaging;

namespace ServiceDefaults.Lag;

/// <summary>
/// How many facts wait in the service's queue. Those that consumers hold in hand (a few hundred at most) are not counted
/// by the broker.
/// </summary>
internal sealed class QueueDepth(IConnectionFactory broker, FactQueue queue) : IAsyncDisposable
{
    private readonly SemaphoreSlim one = new(1);
    private IConnection? connection;
    private IChannel? channel;

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
            return await channel.MessageCountAsync(queue.Name, cancellationToken);
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
