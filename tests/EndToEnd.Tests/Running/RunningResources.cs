using Aspire.Hosting;
using AppHost.RunMode;

namespace EndToEnd.Tests.Running;

/// <summary>The resources of the running system: what is known of them, and their commands.</summary>
internal sealed class RunningResources(DistributedApplication app, string data)
{
    private readonly DataLocation location = DataLocation.Resolve(data, serversAreOthers: false);

    internal ResourceStatus Find(string name) => State().Resources.Single(resource => resource.Name == name);

    /// <summary>All processes below the AppHost.</summary>
    internal IReadOnlyList<ProcessIdentity> Processes() => State().Processes;

    /// <summary>Whether the command could be carried out in the resource's present state.</summary>
    internal async Task<bool> TryAsync(string name, string command) => (await app.ResourceCommands.ExecuteCommandAsync(name, command)).Success;

    private SystemState State() => SystemState.Read(location) ?? throw new InvalidOperationException("apphost.json is not there.");
}
