using LocalRuntime.Dashboard;
using LocalRuntime.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The AppHost's own code asks and tells here how resources are.</summary>
public class ResourceNotificationService
{
    private readonly ResourceBoard _board;
    private readonly TimeProvider _time;

    internal ResourceNotificationService(ResourceBoard board, TimeProvider time) => (_board, _time) = (board, time);

    /// <summary>Returns once the resource, with all its replicas, is running and healthy.</summary>
    /// <exception cref="DistributedApplicationException">It failed to start.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var resource = new Named(resourceName);
        var healthy = new WaitAnnotation(resource, WaitType.WaitUntilHealthy);
        await foreach (var _ in _board.WatchAsync(cancellationToken))
        {
            switch (Readiness.Of(healthy, _board.Resources))
            {
                case Readiness.Ready: return new(resource, resourceName);
                case Readiness.Never never: throw new DistributedApplicationException(never.Because);
                case Readiness.NotYet: break;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>For resources of the AppHost's own kind, whose life only it knows.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        var last = _board.Find(resource.Name) ?? Snapshots.Initial(resource, 0);
        var next = stateFactory(new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [], State = last.State.ToString() });
        var state = Enum.Parse<ResourceState>(next.State?.Text ?? nameof(ResourceState.NotStarted));
        var isRunning = state == ResourceState.Running;
        _board.Publish(last with
        {
            State = state,
            StateReason = next.Properties.FirstOrDefault(property => property.Name == "Reason")?.Value?.ToString(),
            Health = isRunning ? ResourceHealth.Healthy : ResourceHealth.Unknown,
            StartedAt = isRunning ? last.StartedAt ?? _time.GetUtcNow() : null,
        });
        return Task.CompletedTask;
    }

    private sealed class Named(string name) : Resource(name);
}

public sealed class ResourceEvent(IResource resource, string resourceId)
{
    public IResource Resource => resource;
    public string ResourceId => resourceId;
}
