using System.Text.Json.Serialization;
using LocalRuntime.Dashboard;

namespace LocalRuntime.State;

/// <summary>One line of <c>./run --status</c>.</summary>
/// <param name="Awaited">Whether the system is only up once this one is; not so for what is started by hand.</param>
internal sealed record ResourceStatus(
    string Name,
    string Resource,
    ResourceType Type,
    ResourceState State,
    ResourceHealth Health,
    bool Awaited,
    string? Reason = null,
    int? Pid = null,
    int? ExitCode = null,
    int Restarts = 0,
    IReadOnlyList<string>? Endpoints = null)
{
    [JsonIgnore]
    public bool IsFine => !Awaited
        || State == ResourceState.Running && Health == ResourceHealth.Healthy
        || State == ResourceState.Finished && ExitCode == 0;

    /// <summary>It failed, and nothing but a command will change that.</summary>
    [JsonIgnore]
    public bool IsLost => Awaited && (State == ResourceState.FailedToStart || State == ResourceState.Exited && ExitCode is not (null or 0));

    internal static ResourceStatus Of(ResourceSnapshot snapshot, bool awaited) => new(
        snapshot.DisplayName,
        snapshot.Name,
        snapshot.Type,
        snapshot.State,
        snapshot.Health,
        awaited,
        snapshot.StateReason ?? snapshot.HealthDescription,
        snapshot.Pid,
        snapshot.ExitCode,
        snapshot.Restarts,
        snapshot.Endpoints.Count == 0 ? null : [.. snapshot.Endpoints.Select(endpoint => endpoint.Address)]);
}
