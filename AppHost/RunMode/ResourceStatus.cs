using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AppHost.RunMode;

/// <summary>One line of <c>./run --status</c>, and one resource of <c>apphost.json</c>.</summary>
/// <param name="State">One of <see cref="KnownResourceStates"/>.</param>
/// <param name="Awaited">Whether the system is up only when this resource is. False for resources that are started manually and for values.</param>
/// <param name="Reason">Why it is not healthy.</param>
/// <param name="Pid">Process id of the server or service itself, not of its wrapper.</param>
internal sealed record ResourceStatus(
    string Name,
    ResourceType Type,
    string State,
    HealthStatus? Health,
    bool Awaited,
    string? Reason = null,
    int? Pid = null,
    int? ExitCode = null,
    int Restarts = 0,
    IReadOnlyList<string>? Endpoints = null)
{
    /// <summary>Whether it failed permanently: only a command can start it again.</summary>
    [JsonIgnore]
    public bool IsLost { get; init; }

    [JsonIgnore]
    public bool IsFine => !Awaited || (Type == ResourceType.Task ? State == KnownResourceStates.Finished && ExitCode == 0 : State == KnownResourceStates.Running && Health == HealthStatus.Healthy);
}

/// <summary>The kind of a resource in the status.</summary>
internal enum ResourceType
{
    /// <summary>PostgreSQL, RabbitMQ: a process or a container.</summary>
    Server,
    /// <summary>A service of this repository.</summary>
    Service,
    /// <summary>A process that must run to completion, such as a migration.</summary>
    Task,
    /// <summary>Started manually.</summary>
    Tool,
    Database,
    /// <summary>A parameter or a connection string.</summary>
    Value,
    /// <summary>A task of the AppHost itself.</summary>
    Custom,
}
