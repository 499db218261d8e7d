using LocalRuntime.Dashboard;

namespace LocalRuntime.Hosting;

/// <summary>What is worth a line on the terminal.</summary>
internal static class ConsoleLine
{
    /// <summary>Null for what is only a step on the way.</summary>
    internal static string? For(ResourceSnapshot snapshot) => snapshot.Type is ResourceType.Parameter or ResourceType.ConnectionString or ResourceType.Database
        ? null
        : snapshot.State switch
        {
            // A task says that it is done; that it runs for a moment is no news.
            ResourceState.Running when snapshot is { Health: ResourceHealth.Healthy, Endpoints.Count: > 0 } => string.Join(' ', ["healthy", .. snapshot.Endpoints.Select(endpoint => endpoint.Address)]),
            ResourceState.Finished => "done",
            ResourceState.Exited when snapshot.ExitCode is null => null, // it had not started
            ResourceState.Exited => snapshot.StateReason ?? "stopped",
            ResourceState.FailedToStart => $"FAILED: {snapshot.StateReason}",
            ResourceState.Waiting when snapshot.StateReason is { } reason => reason,
            ResourceState.NotStarted or ResourceState.Waiting or ResourceState.Starting or ResourceState.Running
                or ResourceState.Stopping or ResourceState.RuntimeUnhealthy => null,
        };
}
