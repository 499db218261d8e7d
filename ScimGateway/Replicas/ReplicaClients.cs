using Yarp.ReverseProxy.Forwarder;

namespace ScimGateway.Replicas;

/// <summary>The proxy's connections to the replicas, each behind <see cref="SentOnce"/>.</summary>
internal sealed class ReplicaClients(ILogger<ForwarderHttpClientFactory> log) : ForwarderHttpClientFactory(log)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    /// <summary>Less than the 130 s after which Kestrel closes it: a request never meets a connection that is just being closed.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);
    /// <summary>So that a name that leads to another address by now is followed.</summary>
    private static readonly TimeSpan OldestConnection = TimeSpan.FromMinutes(5);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionIdleTimeout = IdleConnection;
        handler.PooledConnectionLifetime = OldestConnection;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new SentOnce(base.WrapHandler(context, handler));
}
