namespace Contracts.Events.V1;

/// <summary>Edges of one group that came or went together; at most <see cref="MaxEdges"/> in one fact.</summary>
public sealed record MembersChanged : IFact
{
    public const int MaxEdges = 1_000;

    public required Guid EventId { get; init; }
    public required Guid AccountId { get; init; }
    public Guid? DirectoryId { get; init; }

    /// <summary>Internal id of the group.</summary>
    public required Guid GroupId { get; init; }

    /// <summary>SCIM id of the group's incarnation that the edges belong to.</summary>
    public required Guid GroupScimId { get; init; }

    /// <summary>The group's version, and the version of each edge in this fact: the newest one decides an edge.</summary>
    public required long Version { get; init; }

    public required IReadOnlyList<MembershipEdge> Edges { get; init; }
    public required string Change { get; init; }
    public required Actor Actor { get; init; }
    public required DateTimeOffset At { get; init; }
}

/// <summary>One user in, or no longer in, the group.</summary>
public sealed record MembershipEdge
{
    /// <summary>Internal id of the user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>SCIM id of the user's incarnation that was or is the member.</summary>
    public required Guid UserScimId { get; init; }

    public required bool Present { get; init; }
}
