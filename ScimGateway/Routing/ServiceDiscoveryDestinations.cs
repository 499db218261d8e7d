using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace ScimGateway.Routing;

/// <summary>
/// Turns <c>http://directory</c> into one destination per replica that service discovery knows, and again whenever it
/// says that they changed.
/// </summary>
internal sealed class ServiceDiscoveryDestinations(ServiceEndpointResolver endpoints) : IDestinationResolver
{
    public async ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, DestinationConfig>(StringComparer.Ordinal);
        var changes = new List<IChangeToken>();
        foreach (var (name, destination) in destinations)
        {
            var service = new Uri(destination.Address);
            var source = await endpoints.GetEndpointsAsync(destination.Address, cancellationToken);
            changes.Add(source.ChangeToken);
            foreach (var endpoint in source.Endpoints)
            {
                var address = Address(service, endpoint.EndPoint);
                // The address is the name: a replica keeps its health and its connections when others come and go.
                resolved[$"{name}[{address}]"] = destination with { Address = address };
            }
        }
        return new ResolvedDestinationCollection(resolved, new CompositeChangeToken(changes));
    }

    private static string Address(Uri service, EndPoint endpoint) => endpoint switch
    {
        UriEndPoint uri => uri.Uri.GetLeftPart(UriPartial.Authority) + "/",
        DnsEndPoint { Port: 0 } dns => $"{service.Scheme}://{dns.Host}/",
        DnsEndPoint dns => $"{service.Scheme}://{dns.Host}:{dns.Port}/",
        IPEndPoint ip => $"{service.Scheme}://{ip}/",
        _ => throw new NotSupportedException($"Service discovery answered for {service} with {endpoint}, which is no address of an HTTP service."),
    };
}
