using Aspire.Hosting.ApplicationModel;

namespace NativeServers;

/// <summary>
/// A server that an Aspire integration describes as a container, run as a process of this machine. It has the container's
/// name, annotations (arguments, environment, endpoints, waits, icon) and connection string, so that everything that refers to
/// the container goes on as before; only what the resource <em>is</em> has changed, as with Aspire's own <c>PublishAsDockerFile</c>.
/// </summary>
/// <param name="container">The resource that the integration made; it is no longer part of the model.</param>
/// <param name="command">Full path of the program.</param>
/// <param name="workingDirectory">Full path.</param>
public sealed class NativeServer(ContainerResource container, string command, string workingDirectory)
    : ExecutableResource(container.Name, command, workingDirectory), IResourceWithConnectionString
{
    /// <summary>What the integration made; references to it stay valid.</summary>
    public ContainerResource Container => container;

    /// <inheritdoc/>
    public override ResourceAnnotationCollection Annotations => container.Annotations;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ((IResourceWithConnectionString)container).ConnectionStringExpression;

    /// <summary>
    /// Puts the process in the container's place. The image, its volume and its health check go; the script gets
    /// <paramref name="arguments"/> before the container's own; the endpoint is the process's own port on the loopback address.
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
