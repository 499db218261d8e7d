using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AppHost.RunMode;

/// <summary>One line of <c>./run --status</c>, and one resource of <c>apphost.json</c>.</summary>
/// <param name="State">One of <see cref="KnownResourceStates"/>.</param>
/// <param name="Awaited">Whether the system is only up once this one is; not so for what is started by hand, and for mere values.</param>
/// <param name="Reason">Why it is not as it should be.</param>
/// <param name="Pid">Of the process that does the work.</param>
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
    /// <summary>It failed, and nothing but a command will change that.</summary>
    [JsonIgnore]
    public bool IsLost { get; init; }

    [JsonIgnore]
    public bool IsFine => !Awaited || (Type == ResourceType.Task ? State == KnownResourceStates.Finished && ExitCode == 0 : State == KnownResourceStates.Running && Health == HealthStatus.Healthy);
}

/// <summary>What a resource is to those who look at the system.</summary>
internal enum ResourceType
{
    /// <summary>PostgreSQL, RabbitMQ: a process or a container.</summary>
    Server,
    /// <summary>A project of ours that serves.</summary>
    Service,
    /// <summary>A process that runs to its end and is awaited, such as a migration.</summary>
    Task,
    /// <summary>Started by hand.</summary>
    Tool,
    Database,
    /// <summary>A parameter or a connection string.</summary>
    Value,
    /// <summary>Something that the AppHost does itself.</summary>
    Custom,
}
