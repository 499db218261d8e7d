namespace LocalRuntime.Dashboard;

internal enum ResourceCommand
{
    Start,
    Stop,
    Restart,
}

/// <summary>Which commands make sense now; the buttons and the API go by the same table.</summary>
internal static class ResourceCommands
{
    public static IReadOnlyList<ResourceCommand> Allowed(ResourceType type, ResourceState state) => type switch
    {
        ResourceType.Container or ResourceType.Project or ResourceType.Executable => Allowed(state),
        ResourceType.Parameter or ResourceType.Database or ResourceType.ConnectionString or ResourceType.Custom => [],
    };

    private static IReadOnlyList<ResourceCommand> Allowed(ResourceState state) => state switch
    {
        ResourceState.NotStarted or ResourceState.Exited or ResourceState.Finished or ResourceState.FailedToStart => [ResourceCommand.Start],
        ResourceState.Waiting or ResourceState.Starting => [ResourceCommand.Stop],
        ResourceState.Running or ResourceState.RuntimeUnhealthy => [ResourceCommand.Stop, ResourceCommand.Restart],
        ResourceState.Stopping => [],
    };
}
