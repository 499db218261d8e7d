namespace Contracts.Events.V1;

/// <summary>The whole state of a directory after a change.</summary>
public sealed record DirectoryChanged : IFact
{
    public required Guid EventId { get; init; }
    public required Guid AccountId { get; init; }
    public required Guid DirectoryId { get; init; }
    public required long Version { get; init; }
    public required string Name { get; init; }

    /// <summary><c>EntraId</c>, <c>Okta</c>, <c>OneLogin</c>, <c>Dts</c> or <c>Generic</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Deleted: its tokens are dead, its users and groups stay as they are.</summary>
    public required bool Deleted { get; init; }

    /// <summary>The latest alert of this directory, however old; null when there never was one.</summary>
    public MassDeactivation? LastAlert { get; init; }

    public required string Change { get; init; }
    public required Actor Actor { get; init; }
    public required DateTimeOffset At { get; init; }
}
