namespace Contracts.Events.V1;

/// <summary>
/// The last alert of a directory, a member of <see cref="DirectoryChanged"/>: its identity provider deactivated or removed unusually
/// many users within an hour, and nothing stops it. It is part of the directory's state, so that a service can reserve what these
/// users had until an admin has decided.
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
