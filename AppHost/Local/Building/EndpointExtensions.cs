using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class EndpointResourceBuilderExtensions
{
    /// <param name="env">Variable that tells the program its port.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints
    {
        NotHere.Unless(targetPort is null || targetPort == port, "a target port beside the port: there is no proxy between them");
        NotHere.Unless(isProxied is not true, "proxies");
        return builder.With(new EndpointAnnotation(name ?? "http", "http", port) { PortVariable = env });
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    /// <summary>For clients outside of the system: its port is the one that was asked for, or the start fails.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.UriScheme is "http" or "https"))
            endpoint.IsExternal = true;
        return builder;
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null) where T : IResourceWithEndpoints =>
        builder.With(new HttpHealthAnnotation(path ?? "/", statusCode ?? 200, endpointName));
}
