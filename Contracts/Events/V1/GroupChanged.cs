namespace Contracts.Events.V1;

/// <summary>The whole state of a user group after a change, its members apart (see <see cref="MembersChanged"/>).</summary>
public sealed record GroupChanged : IFact
{
    public required Guid EventId { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The SCIM directory the group came from; null for a user-defined group.</summary>
    public Guid? DirectoryId { get; init; }

    /// <summary>Internal id: what policies and license rules name.</summary>
    public required Guid GroupId { get; init; }

    /// <summary>SCIM id of the current incarnation: only edges of this incarnation count.</summary>
    public required Guid ScimId { get; init; }

    public required long Version { get; init; }
    public required GroupStatus Status { get; init; }
    public required string DisplayName { get; init; }
    public string? ExternalId { get; init; }
    public required string Change { get; init; }
    public required Actor Actor { get; init; }
    public required DateTimeOffset At { get; init; }
}
