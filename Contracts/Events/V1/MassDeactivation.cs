namespace Contracts.Events.V1;

/// <summary>
/// An alert of a directory: its identity provider let go of unusually many users within an hour. The deactivations go on.
/// It is part of the directory's state, so that a service can hold back what they freed until somebody has looked.
/// </summary>
public sealed record MassDeactivation
{
    public required Guid AlertId { get; init; }

    /// <summary>When it was raised (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Users deactivated or removed within the hour before.</summary>
    public required long Deactivated { get; init; }

    /// <summary>How many users the directory had.</summary>
    public required long Users { get; init; }
}
