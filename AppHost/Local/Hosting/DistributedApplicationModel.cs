using Aspire.Hosting.ApplicationModel;

namespace LocalRuntime.Hosting;

/// <summary>All resources of the application, in the order in which they were added.</summary>
internal sealed class DistributedApplicationModel
{
    private readonly List<IResource> _resources = [];

    internal IReadOnlyList<IResource> Resources => _resources;

    internal void Add(IResource resource)
    {
        if (_resources.Exists(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"There are two resources named '{resource.Name}'.");
        _resources.Add(resource);
    }
}
