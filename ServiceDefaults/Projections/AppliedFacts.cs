using Contracts.Events.V1;

namespace ServiceDefaults.Projections;

/// <summary>
/// The effective changes of one batch of facts, as rows before and after. Facts that changed nothing are left out. Of several
/// facts about the same subject the newest counts, so that a change can span several versions: a user who was inactive and
/// active again within a batch is active before and after, with more <see cref="UserRow.Deactivations"/>.
/// </summary>
public sealed record AppliedFacts(
    IReadOnlyList<DirectoryStateChange> Directories, IReadOnlyList<UserStateChange> Users, IReadOnlyList<GroupStateChange> Groups, IReadOnlyList<EdgeChange> Edges)
{
    public bool IsEmpty => Directories is [] && Users is [] && Groups is [] && Edges is [];
}

/// <param name="Before">Null: the user was not known.</param>
/// <param name="EventId">Id of the fact that caused the change.</param>
/// <param name="At">When the directory service recorded it.</param>
public sealed record UserStateChange(UserRow? Before, UserRow After, Guid EventId, Actor Actor, DateTimeOffset At);

/// <param name="Before">Null: the group was not known.</param>
public sealed record GroupStateChange(GroupRow? Before, GroupRow After, Guid EventId, Actor Actor, DateTimeOffset At);

/// <summary>A changed edge: <paramref name="Present"/> differs from before. An unknown edge counts as not present.</summary>
public sealed record EdgeChange(
    Guid AccountId, Guid GroupId, Guid GroupScimId, Guid UserId, Guid UserScimId, bool Present, Guid EventId, Actor Actor, DateTimeOffset At);

/// <param name="Before">Null: the directory was not known.</param>
public sealed record DirectoryStateChange(DirectoryRow? Before, DirectoryRow After, Guid EventId, Actor Actor, DateTimeOffset At);
