using Yarp.ReverseProxy.Forwarder;

namespace ScimGateway.Replicas;

/// <summary>Creates the proxy's HTTP clients for the replicas, each with <see cref="NoResendHandler"/>.</summary>
internal sealed class ReplicaClients(ILogger<ForwarderHttpClientFactory> log) : ForwarderHttpClientFactory(log)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    /// <summary>Less than Kestrel's 130 s, so that no request is sent on a connection that the replica is closing.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);
    /// <summary>Connections are renewed, so that a changed address of a name is used.</summary>
    private static readonly TimeSpan OldestConnection = TimeSpan.FromMinutes(5);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = ConnectTimeout;
        handler.PooledConnectionIdleTimeout = IdleConnection;
        handler.PooledConnectionLifetime = OldestConnection;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new NoResendHandler(base.WrapHandler(context, handler));
}
