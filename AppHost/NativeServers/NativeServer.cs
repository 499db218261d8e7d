using Aspire.Hosting.ApplicationModel;

namespace NativeServers;

/// <summary>
/// A server that an Aspire integration describes as a container, run as a local process. It keeps the container's name,
/// annotations (arguments, environment, endpoints, waits, icon) and connection string, so that references to the container
/// still work; only the kind of resource changes, as with Aspire's <c>PublishAsDockerFile</c>.
/// </summary>
/// <param name="container">The integration's resource, which is no longer part of the model.</param>
/// <param name="command">Full path of the program.</param>
/// <param name="workingDirectory">Full path.</param>
public sealed class NativeServer(ContainerResource container, string command, string workingDirectory)
    : ExecutableResource(container.Name, command, workingDirectory), IResourceWithConnectionString
{
    /// <summary>The integration's resource; references to it stay valid.</summary>
    public ContainerResource Container => container;

    /// <inheritdoc/>
    public override ResourceAnnotationCollection Annotations => container.Annotations;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ((IResourceWithConnectionString)container).ConnectionStringExpression;

    /// <summary>
    /// Replaces the container by the process. The image, volume and health check are removed. The script gets <paramref
    /// name="arguments"/> before the container's arguments. The endpoint is the process's port on the loopback address.
    /// </summary>
    internal static IResourceBuilder<NativeServer> Replace(
        IResourceBuilder<ContainerResource> container, string script, string endpointName, int port, IReadOnlyList<string> arguments)
    {
        var builder = container.ApplicationBuilder;
        var annotations = container.Resource.Annotations;
        foreach (var annotation in annotations.Where(annotation => annotation is ContainerImageAnnotation or ContainerMountAnnotation or HealthCheckAnnotation).ToList())
            annotations.Remove(annotation);
        annotations.Insert(0, new CommandLineArgsCallbackAnnotation(all =>
        {
            foreach (var argument in arguments) all.Add(argument);
        }));
        var endpoint = annotations.OfType<EndpointAnnotation>().Single(each => each.Name == endpointName);
        (endpoint.Port, endpoint.TargetPort, endpoint.IsProxied, endpoint.TargetHost) = (port, port, false, "127.0.0.1");
        builder.Resources.Remove(container.Resource);
        return builder.AddResource(new NativeServer(container.Resource, Path.Combine(AppContext.BaseDirectory, script), AppContext.BaseDirectory));
    }
}
