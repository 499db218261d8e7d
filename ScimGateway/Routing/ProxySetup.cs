using Microsoft.Extensions.Options;
using ScimGateway.Limits;
using ScimGateway.Replicas;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace ScimGateway.Routing;

internal static class ProxySetup
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);
    /// <summary>Less than the 130 s after which Kestrel closes it: a request never meets a connection that is just being closed.</summary>
    private static readonly TimeSpan IdleConnection = TimeSpan.FromSeconds(60);
    /// <summary>So that a name that leads to another address by now is followed.</summary>
    private static readonly TimeSpan OldestConnection = TimeSpan.FromMinutes(5);

    public static void AddGatewayProxy(this IServiceCollection services)
    {
        services.AddSingleton<IProxyConfigProvider>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<GatewayOptions>>().Value;
            return new InMemoryConfigProvider(RouteTable.Routes(options), RouteTable.Clusters(options));
        });
        services.AddSingleton<IDestinationResolver, ServiceDiscoveryDestinations>();
        services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnectionPolicy>();
        services.AddSingleton<ILoadBalancingPolicy, HomeReplica>();
        services.AddSingleton<LastAnswers>();
        services.AddReverseProxy()
            .ConfigureHttpClient((_, handler) =>
            {
                handler.ConnectTimeout = ConnectTimeout;
                handler.PooledConnectionIdleTimeout = IdleConnection;
                handler.PooledConnectionLifetime = OldestConnection;
            })
            .AddTransforms(transforms =>
            {
                // The services build public URLs from these, so nothing of what a client claims survives.
                transforms.AddXForwarded(ForwardedTransformActions.Set);
                transforms.AddRequestHeaderRemove("Forwarded");
                transforms.AddResponseTransform(BulkCharge.ApplyAsync);
            });
    }
}
