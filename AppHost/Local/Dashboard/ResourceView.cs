namespace LocalRuntime.Dashboard;

/// <summary>A snapshot as the API shows it: secrets left out, and what can be done now spelled out.</summary>
internal sealed record ResourceView
{
    public required string Name { get; init; }
    public required string DisplayName { get; init; }
    public required ResourceType Type { get; init; }
    public required ResourceState State { get; init; }
    public required string? StateReason { get; init; }
    public required ResourceHealth Health { get; init; }
    public required string? HealthDescription { get; init; }
    public required int? Pid { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required int? ExitCode { get; init; }
    public required int Restarts { get; init; }
    public required string? Source { get; init; }
    public required IReadOnlyList<ResourceUrl> Urls { get; init; }
    public required IReadOnlyList<ResourceEndpoint> Endpoints { get; init; }
    public required IReadOnlyList<VariableView> Environment { get; init; }
    public required IReadOnlyList<ResourceWait> WaitsFor { get; init; }
    public required string? Parent { get; init; }

    /// <summary>start, stop, restart: those that make sense in this state.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    public static ResourceView Of(ResourceSnapshot snapshot) => new()
    {
        Name = snapshot.Name,
        DisplayName = snapshot.DisplayName,
        Type = snapshot.Type,
        State = snapshot.State,
        StateReason = snapshot.StateReason,
        Health = snapshot.Health,
        HealthDescription = snapshot.HealthDescription,
        Pid = snapshot.Pid,
        StartedAt = snapshot.StartedAt,
        ExitCode = snapshot.ExitCode,
        Restarts = snapshot.Restarts,
        Source = snapshot.Source,
        Urls = snapshot.Urls,
        Endpoints = snapshot.Endpoints,
        Environment = [.. snapshot.Environment.Select(each => new VariableView(each.Key, each.Secret ? null : each.Value, each.Secret))],
        WaitsFor = snapshot.WaitsFor,
        Parent = snapshot.Parent,
        Commands = [.. ResourceCommands.Allowed(snapshot.Type, snapshot.State).Select(command => command.ToString().ToLowerInvariant())],
    };
}

/// <param name="Value">Null for a secret.</param>
internal sealed record VariableView(string Key, string? Value, bool Secret);
