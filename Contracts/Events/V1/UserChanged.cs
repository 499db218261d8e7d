namespace Contracts.Events.V1;

/// <summary>The whole state of a user after a change.</summary>
public sealed record UserChanged : IFact
{
    public required Guid EventId { get; init; }
    public required Guid AccountId { get; init; }

    /// <summary>The SCIM directory the user came from; null for a manual user.</summary>
    public Guid? DirectoryId { get; init; }

    /// <summary>Internal id: the same for as long as the user is known.</summary>
    public required Guid UserId { get; init; }

    /// <summary>SCIM id of the current incarnation; what <see cref="MembershipEdge.UserScimId"/> refers to.</summary>
    public required Guid ScimId { get; init; }

    public required long Version { get; init; }
    public required UserStatus Status { get; init; }

    /// <summary>
    /// How often the user became not active, ever. A license grant remembers the count at which it was made; a fact with
    /// a higher one frees it, so that a missed or late deactivation frees the seat all the same.
    /// </summary>
    public required long Deactivations { get; init; }

    public required string UserName { get; init; }
    public string? DisplayName { get; init; }

    /// <summary>The primary email address, else the first one; null when the user has none.</summary>
    public string? Email { get; init; }

    public string? ExternalId { get; init; }
    public required string Change { get; init; }
    public required Actor Actor { get; init; }
    public required DateTimeOffset At { get; init; }
}
