using Microsoft.Extensions.Options;
using ScimGateway.Limits;
using ScimGateway.Replicas;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace ScimGateway.Routing;

internal static class ProxySetup
{
    public static void AddGatewayProxy(this IServiceCollection services)
    {
        services.AddSingleton<IProxyConfigProvider>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<GatewayOptions>>().Value;
            return new InMemoryConfigProvider(RouteTable.Routes(options), RouteTable.Clusters(options));
        });
        services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnectionPolicy>();
        services.AddSingleton<ILoadBalancingPolicy, ReplicaAffinity>();
        services.AddSingleton<ReplicaResponseTracker>();
        services.AddSingleton<IForwarderHttpClientFactory, ReplicaClients>();
        services.AddReverseProxy()
            .AddServiceDiscoveryDestinationResolver() // one destination for each replica, by its address
            .AddTransforms(transforms =>
            {
                // The services build public URLs from these headers, so values sent by a client are replaced.
                transforms.AddXForwarded(ForwardedTransformActions.Set);
                transforms.AddRequestHeaderRemove("Forwarded");
                transforms.AddResponseTransform(BulkRateLimitCharge.ApplyAsync);
            });
    }
}
