namespace LocalRuntime.Dashboard;

/// <summary>
/// What is known of one resource, or of one replica of it, at one moment. Whoever runs the resource publishes a new
/// snapshot whenever something changes; nothing here is mutated.
/// </summary>
internal sealed record ResourceSnapshot
{
    /// <summary>The name in the application model: <c>directory</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Unique on the board and the name in URLs of the API: the name itself, or <c>directory-1</c> for a replica.</summary>
    public string DisplayName { get => field ?? Name; init; }

    public required ResourceType Type { get; init; }
    public ResourceState State { get; init; } = ResourceState.NotStarted;

    /// <summary>A sentence on how it came to this state, if there is one to tell: why it failed, what it waits for.</summary>
    public string? StateReason { get; init; }

    public ResourceHealth Health { get; init; } = ResourceHealth.Unknown;
    public string? HealthDescription { get; init; }
    public int? Pid { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public int? ExitCode { get; init; }

    /// <summary>How often it was started again after it had ended by itself.</summary>
    public int Restarts { get; init; }

    /// <summary>The project file, or the command line without anything secret.</summary>
    public string? Source { get; init; }

    /// <summary>Links for people.</summary>
    public IReadOnlyList<ResourceUrl> Urls { get; init; } = [];

    /// <summary>Where it listens, whatever the protocol: <c>tcp://127.0.0.1:25432</c>.</summary>
    public IReadOnlyList<ResourceEndpoint> Endpoints { get; init; } = [];

    /// <summary>The environment of its process; for a parameter, database or connection string its value or values.</summary>
    public IReadOnlyList<ResourceVariable> Environment { get; init; } = [];

    public IReadOnlyList<ResourceWait> WaitsFor { get; init; } = [];

    /// <summary>The name of the resource that this one is a part of: the server of a database.</summary>
    public string? Parent { get; init; }
}

/// <param name="Text">Shown instead of the address.</param>
internal sealed record ResourceUrl(string Url, string? Text = null);

internal sealed record ResourceEndpoint(string Name, string Address);

/// <param name="Secret">The value leaves the dashboard only when it is asked for by name.</param>
internal sealed record ResourceVariable(string Key, string Value, bool Secret = false);

/// <param name="On">The name in the application model; all its replicas are meant.</param>
internal sealed record ResourceWait(string On, WaitUntil Until = WaitUntil.Healthy);

internal enum WaitUntil
{
    Started,
    Healthy,
    Completed,
}

internal enum ResourceType
{
    Container,
    Project,
    Executable,
    Parameter,
    Database,
    ConnectionString,

    /// <summary>Of a kind that only the AppHost knows, which publishes its states itself.</summary>
    Custom,
}

/// <summary>The states of Aspire, by its names.</summary>
internal enum ResourceState
{
    NotStarted,
    Waiting,
    Starting,
    Running,
    Stopping,
    Exited,
    Finished,
    FailedToStart,
    RuntimeUnhealthy,
}

internal enum ResourceHealth
{
    Unknown,
    Healthy,
    Unhealthy,
}
