namespace Contracts.State.V1;

/// <summary>What the directory has written and not yet published, of one account (<c>GET /internal/v1/backlog</c>).</summary>
public sealed record Backlog
{
    public required long Events { get; init; }

    /// <summary>When the oldest of them was written (UTC); null when there is none.</summary>
    public DateTimeOffset? Oldest { get; init; }

    /// <summary>Of them, those that could not be published after some tries and wait for an operator.</summary>
    public required long Parked { get; init; }
}
