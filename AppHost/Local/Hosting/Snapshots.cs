using Aspire.Hosting.ApplicationModel;
using LocalRuntime.Dashboard;

namespace LocalRuntime.Hosting;

/// <summary>How a resource of the model looks on the board before it starts.</summary>
internal static class Snapshots
{
    internal static string DisplayName(IResource resource, int replica) =>
        PortAllocation.Replicas(resource) == 1 ? resource.Name : $"{resource.Name}-{replica}";

    /// <summary>Of all its replicas.</summary>
    internal static IEnumerable<string> Names(IResource resource) =>
        Enumerable.Range(0, PortAllocation.Replicas(resource)).Select(replica => DisplayName(resource, replica));

    internal static ResourceSnapshot Initial(IResource resource, int replica)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.AllocatedPorts.Count > replica).ToList();
        return new()
        {
            Name = resource.Name,
            DisplayName = DisplayName(resource, replica),
            Type = Type(resource),
            Source = Source(resource),
            Parent = (resource as PostgresDatabaseResource)?.Parent.Name,
            Endpoints = [.. endpoints.Select(endpoint => new ResourceEndpoint(endpoint.Name, endpoint.Url(replica)))],
            Urls = [.. endpoints.Where(endpoint => endpoint.UriScheme is "http" or "https").Select(endpoint => new ResourceUrl(endpoint.Url(replica)))],
            WaitsFor = [.. resource.Annotations.OfType<WaitAnnotation>().Select(wait => new ResourceWait(wait.Resource.Name, Until(wait.WaitType)))],
        };
    }

    /// <summary>Something that has a value and no life.</summary>
    internal static async Task<ResourceSnapshot> OfValueAsync(IResource resource, CancellationToken cancellationToken)
    {
        var value = await ((IValueProvider)resource).GetValueAsync(cancellationToken) ?? "";
        return Initial(resource, 0) with
        {
            State = ResourceState.Running,
            Health = ResourceHealth.Healthy,
            Environment = [new("Value", value, ResourceValues.IsSecret(resource))],
        };
    }

    private static ResourceType Type(IResource resource) => resource switch
    {
        ContainerResource => ResourceType.Container,
        ProjectResource => ResourceType.Project,
        ExecutableResource => ResourceType.Executable,
        PostgresDatabaseResource => ResourceType.Database,
        ParameterResource => ResourceType.Parameter,
        IResourceWithConnectionString => ResourceType.ConnectionString,
        _ => ResourceType.Custom,
    };

    private static string? Source(IResource resource) => resource switch
    {
        ExecutableResource executable => executable.Command,
        PostgresServerResource => "PostgreSQL of this machine",
        RabbitMQServerResource => "RabbitMQ of this machine",
        PostgresDatabaseResource database => database.DatabaseName,
        _ => resource.Annotations.OfType<ProjectAnnotation>().FirstOrDefault()?.ProjectPath,
    };

    private static WaitUntil Until(WaitType wait) => wait switch
    {
        WaitType.WaitUntilHealthy => WaitUntil.Healthy,
        WaitType.WaitUntilStarted => WaitUntil.Started,
        WaitType.WaitForCompletion => WaitUntil.Completed,
    };
}
