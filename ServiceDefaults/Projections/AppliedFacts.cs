using Contracts.Events.V1;

namespace ServiceDefaults.Projections;

/// <summary>
/// What the facts of one batch really changed, as rows before and after; what changed nothing is not in it. Of several
/// facts about one thing the newest counts, so that a move can span more than one version: a user who was inactive and
/// active again within a batch is active before and after, with more <see cref="UserRow.Deactivations"/>.
/// </summary>
public sealed record AppliedFacts(
    IReadOnlyList<DirectoryMove> Directories, IReadOnlyList<UserMove> Users, IReadOnlyList<GroupMove> Groups, IReadOnlyList<EdgeMove> Edges)
{
    public bool IsEmpty => Directories is [] && Users is [] && Groups is [] && Edges is [];
}

/// <param name="Before">Null: the user was not known.</param>
/// <param name="EventId">The fact that tells of <paramref name="After"/>.</param>
/// <param name="At">When the directory service recorded it.</param>
public sealed record UserMove(UserRow? Before, UserRow After, Guid EventId, Actor Actor, DateTimeOffset At);

/// <param name="Before">Null: the group was not known.</param>
public sealed record GroupMove(GroupRow? Before, GroupRow After, Guid EventId, Actor Actor, DateTimeOffset At);

/// <summary>Only where <paramref name="Present"/> is not what it was; an edge that was not known was not present.</summary>
public sealed record EdgeMove(
    Guid AccountId, Guid GroupId, Guid GroupScimId, Guid UserId, Guid UserScimId, bool Present, Guid EventId, Actor Actor, DateTimeOffset At);

/// <param name="Before">Null: the directory was not known.</param>
public sealed record DirectoryMove(DirectoryRow? Before, DirectoryRow After, Guid EventId, Actor Actor, DateTimeOffset At);
