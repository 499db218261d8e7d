using Aspire.Hosting.ApplicationModel;
using LocalRuntime.State;

namespace LocalRuntime.Hosting;

/// <summary>Gives every endpoint of every replica its port before anything starts, so that all addresses are known.</summary>
internal static class PortAllocation
{
    internal static void Allocate(IEnumerable<IResource> resources, LocalSettings settings, PortBook ports)
    {
        var endpoints = resources
            .SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => (resource, endpoint)))
            .OrderByDescending(pair => pair.endpoint.IsExternal) // those that must have theirs choose first
            .ToList();
        foreach (var (resource, endpoint) in endpoints)
            endpoint.AllocatedPorts = [.. Enumerable.Range(0, Replicas(resource)).Select(replica => Allocate(resource, endpoint, replica, settings, ports))];
    }

    internal static int Replicas(IResource resource) => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private static int Allocate(IResource resource, EndpointAnnotation endpoint, int replica, LocalSettings settings, PortBook ports)
    {
        var key = $"{resource.Name}/{endpoint.Name}/{replica}";
        if (endpoint.IsExternal && replica == 0)
        {
            var wanted = settings.PortOverride(resource.Name) ?? (endpoint.Port is { } port ? ports.WithOffset(port) : null);
            if (wanted is { } number) return ports.Fixed(resource.Name, number, $"choose another with {LocalSettings.PortVariable(resource.Name)}=PORT");
        }

        return ports.Stable(key, endpoint.Port + replica);
    }
}
