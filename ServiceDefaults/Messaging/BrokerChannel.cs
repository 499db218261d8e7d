using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace ServiceDefaults.Messaging;

/// <summary>
/// A dedicated channel for requests to the broker, one at a time, each with a timeout of <see cref="Bound"/>, because a hanging
/// broker accepts connections and never answers. After a failure the next request opens a new connection.
/// </summary>
internal sealed class BrokerChannel(IConnectionFactory broker, string name) : IAsyncDisposable
{
    internal static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly SemaphoreSlim one = new(1);
    private IConnection? connection;
    private IChannel? channel;

    /// <exception cref="BrokerUnavailableException">No answer came in time, or the broker refused.</exception>
    internal async Task<T> ExecuteAsync<T>(Func<IChannel, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        var entered = false;
        try
        {
            await one.WaitAsync(bound.Token);
            entered = true;
            return await ask(await OpenAsync(bound.Token), bound.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            if (entered) Discard();
            throw new BrokerUnavailableException(error);
        }
        finally
        {
            if (entered) one.Release();
        }
    }

    /// <summary>Number of ready (not delivered) messages of a queue; 0 when the queue does not exist yet.</summary>
    internal async Task<uint> CountAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            return await ExecuteAsync((asked, bound) => asked.MessageCountAsync(queue, bound), cancellationToken);
        }
        catch (BrokerUnavailableException error) when (error.InnerException is OperationInterruptedException { ShutdownReason.ReplyCode: Constants.NotFound })
        {
            return 0;
        }
    }

    private async Task<IChannel> OpenAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true }) return channel;
        if (connection is not { IsOpen: true }) connection = await broker.CreateConnectionAsync(name, cancellationToken);
        return channel = await connection.CreateChannelAsync(Confirmed, cancellationToken);
    }

    /// <summary>Drops the connection without waiting, because closing waits for the broker's answer too.</summary>
    private void Discard()
    {
        var old = connection;
        (connection, channel) = (null, null);
        if (old is not null) _ = CloseAsync(old);
    }

    private static async Task CloseAsync(IConnection old) => await old.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public async ValueTask DisposeAsync()
    {
        if (connection is not null) await CloseAsync(connection);
        one.Dispose();
    }
}
