using System.Globalization;
using NativeServers;

namespace AppHost.RunMode;

/// <summary>Converts Aspire's state of a resource to a <see cref="ResourceStatus"/>.</summary>
internal static class ResourceClassifier
{
    private const string PidProperty = "executable.pid";

    /// <summary>Whether the status shows the resource; Aspire's rebuilder resources below projects are hidden.</summary>
    internal static bool IsShown(IResource resource) => resource is not (ExecutableResource and IResourceWithParent { Parent: ProjectResource });

    internal static ResourceStatus Initial(IResource resource, DistributedApplicationModel model)
    {
        var type = TypeOf(resource, model);
        return new(resource.Name, type, KnownResourceStates.NotStarted, Health: null, Awaited: type is not (ResourceType.Value or ResourceType.Tool));
    }

    internal static ResourceStatus Now(ResourceStatus before, ResourceEvent change, IResource resource)
    {
        var snapshot = change.Snapshot;
        var state = snapshot.State?.Text ?? before.State;
        var runs = state == KnownResourceStates.Running;
        return before with
        {
            State = state,
            Health = runs ? snapshot.HealthStatus : null,
            Reason = runs ? snapshot.HealthReports.FirstOrDefault(report => report.Status is not null and not Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy)?.Description
                : state == KnownResourceStates.Starting ? null : before.Reason,
            Pid = runs ? PidOf(snapshot, resource) : null,
            ExitCode = runs ? null : snapshot.ExitCode,
            Endpoints = snapshot.Urls.Where(url => url.Name is not null).Select(url => url.Url).ToList() is { Count: > 0 } urls ? urls : before.Endpoints,
        };
    }

    private static ResourceType TypeOf(IResource resource, DistributedApplicationModel model) => resource switch
    {
        _ when resource.Annotations.OfType<ExplicitStartupAnnotation>().Any() => ResourceType.Tool,
        NativeServer or ContainerResource => ResourceType.Server,
        ProjectResource or ExecutableResource when IsAwaitedToEnd(resource, model) => ResourceType.Task,
        ProjectResource or ExecutableResource => ResourceType.Service,
        IResourceWithParent and IResourceWithConnectionString => ResourceType.Database,
        ParameterResource or IResourceWithConnectionString => ResourceType.Value,
        _ => ResourceType.Custom,
    };

    private static bool IsAwaitedToEnd(IResource resource, DistributedApplicationModel model) =>
        model.Resources.Any(other => other.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == resource && wait.WaitType == WaitType.WaitForCompletion));

    private static int? PidOf(CustomResourceSnapshot snapshot, IResource resource)
    {
        var value = snapshot.Properties.FirstOrDefault(property => property.Name == PidProperty)?.Value;
        if (value is null || !int.TryParse(Convert.ToString(value, CultureInfo.InvariantCulture), out var pid)) return null;
        // A native server is the last child process of its script; the broker's epmd starts before it.
        return resource is NativeServer && ProcessTree.ChildrenOf(pid) is [.., var server] ? server : pid;
    }
}
