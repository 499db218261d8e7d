using Microsoft.Extensions.Options;
using ScimGateway.Limits;
using ScimGateway.Replicas;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace ScimGateway.Routing;

internal static class ProxySetup
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    public static void AddGatewayProxy(this IServiceCollection services)
    {
        services.AddSingleton<IProxyConfigProvider>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<GatewayOptions>>().Value;
            return new InMemoryConfigProvider(RouteTable.Routes(options), RouteTable.Clusters(options));
        });
        services.AddSingleton<IDestinationResolver, ServiceDiscoveryDestinations>();
        services.AddSingleton<IPassiveHealthCheckPolicy, RefusedConnectionPolicy>();
        services.AddReverseProxy()
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout)
            .AddTransforms(transforms =>
            {
                // The services build public URLs from these, so nothing of what a client claims survives.
                transforms.AddXForwarded(ForwardedTransformActions.Set);
                transforms.AddRequestHeaderRemove("Forwarded");
                transforms.AddResponseTransform(BulkCharge.ApplyAsync);
            });
    }
}
