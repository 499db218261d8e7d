using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

public enum EndpointProperty
{
    Url,
    Host,
    IPV4Host,
    Port,
    Scheme,
    TargetPort,
    HostAndPort,
}

/// <summary>An endpoint of a resource by its name; its value is the address. With replicas it is the first one's.</summary>
public class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    public IResourceWithEndpoints Resource => owner;
    public string EndpointName => endpointName;
    public string Url => Annotation.Url(0);
    public int Port => Annotation.AllocatedPorts[0];
    public string ValueExpression => $"{{{owner.Name}.bindings.{endpointName}.url}}";

    internal EndpointAnnotation Annotation =>
        owner.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(endpoint => endpoint.Name == endpointName)
        ?? throw new InvalidOperationException($"'{owner.Name}' has no endpoint '{endpointName}'.");

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);
}

/// <summary>One part of an endpoint's address.</summary>
public class EndpointReferenceExpression(EndpointReference endpoint, EndpointProperty property) : IValueProvider, IManifestExpressionProvider
{
    public EndpointReference Endpoint => endpoint;

    public string ValueExpression => $"{{{endpoint.Resource.Name}.bindings.{endpoint.EndpointName}.{property.ToString().ToLowerInvariant()}}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var port = endpoint.Port.ToString(CultureInfo.InvariantCulture);
        return new(property switch
        {
            EndpointProperty.Url => endpoint.Url,
            EndpointProperty.Host => endpoint.Annotation.Host,
            EndpointProperty.IPV4Host => "127.0.0.1",
            EndpointProperty.Port or EndpointProperty.TargetPort => port,
            EndpointProperty.Scheme => endpoint.Annotation.UriScheme,
            EndpointProperty.HostAndPort => $"{endpoint.Annotation.Host}:{port}",
        });
    }
}
