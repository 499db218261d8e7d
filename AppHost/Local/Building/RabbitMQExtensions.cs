using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class RabbitMQBuilderExtensions
{
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null)
    {
        NotHere.Unless(userName is null, "another user name for RabbitMQ");
        var broker = new RabbitMQServerResource(name, password?.Resource ?? builder.GeneratedPassword(name));
        broker.Annotations.Add(new EndpointAnnotation(RabbitMQServerResource.EndpointName, "tcp", port) { Host = "127.0.0.1" });
        return builder.AddResource(broker);
    }

    /// <summary>A child process writes to a directory, so its data always survive.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}
