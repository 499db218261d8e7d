namespace Contracts.State.V1;

/// <summary>
/// What a service asks the directory for (<c>POST /internal/v1/state</c>): how these users, groups and directories of one
/// account are now. The answer is a <see cref="Events.V1.FactBatch"/> of any size; what the account does not have is not in it.
/// </summary>
public sealed record StateQuery
{
    /// <summary>Most ids of each kind.</summary>
    public const int MaxIds = 1_000;

    /// <summary>Internal ids, as everywhere here.</summary>
    public IReadOnlyList<Guid> Users { get; init; } = [];

    public IReadOnlyList<Guid> Groups { get; init; } = [];
    public IReadOnlyList<Guid> Directories { get; init; } = [];

    /// <summary>
    /// Also the groups that the asked users are in now, and for each of them and of the asked <see cref="Groups"/> whether each
    /// asked user is a member: present or not, at the group's version.
    /// </summary>
    public bool Memberships { get; init; }
}
