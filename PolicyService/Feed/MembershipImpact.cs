using Contracts.Events.V1;
using ServiceDefaults.Projections;

namespace PolicyService.Feed;

/// <summary>The changes of one account in a batch of facts that can change who is a member of a policy.</summary>
/// <param name="Users">Users that became active or inactive, have a new incarnation, changed directory, or <see cref="WasBrieflyInactive"/>.</param>
/// <param name="Groups">Groups that became live, ceased to be live, or have a new incarnation.</param>
internal sealed record MembershipImpact(
    Guid Account, IReadOnlyList<UserStateChange> Users, IReadOnlyList<GroupStateChange> Groups, IReadOnlyList<EdgeChange> Edges)
{
    /// <summary>Grouped by account, ordered by account id, so that the feeds of accounts are always locked in the same order.</summary>
    internal static IEnumerable<MembershipImpact> Of(AppliedFacts applied) =>
        from account in applied.Users.Select(move => move.After.AccountId)
            .Concat(applied.Groups.Select(move => move.After.AccountId))
            .Concat(applied.Edges.Select(move => move.AccountId))
            .Distinct().Order()
        let moves = new MembershipImpact(
            account,
            [.. applied.Users.Where(move => move.After.AccountId == account && Counts(move))],
            [.. applied.Groups.Where(move => move.After.AccountId == account && Effective(move.Before) != Effective(move.After))],
            [.. applied.Edges.Where(move => move.AccountId == account)])
        where moves is not { Users: [], Groups: [], Edges: [] }
        select moves;

    /// <summary>The same without groups that no policy names.</summary>
    internal MembershipImpact WithGroups(IReadOnlySet<Guid> named) => this with
    {
        Groups = [.. Groups.Where(move => named.Contains(move.After.GroupId))],
        Edges = [.. Edges.Where(move => named.Contains(move.GroupId))],
    };

    /// <summary>
    /// Whether the user is active before and after the batch but was inactive in between. The history records that; the feed
    /// does not need it.
    /// </summary>
    internal static bool WasBrieflyInactive(UserStateChange move) =>
        move is { Before: { Status: UserStatus.Active } before, After: { Status: UserStatus.Active } after } && before.Deactivations < after.Deactivations;

    private static bool Counts(UserStateChange move) => WasBrieflyInactive(move) || Effective(move.Before) != Effective(move.After);

    private static (Guid ScimId, Guid? DirectoryId)? Effective(UserRow? user) =>
        user is { Status: UserStatus.Active } ? (user.ScimId, user.DirectoryId) : null;

    private static Guid? Effective(GroupRow? group) => group is { Status: GroupStatus.Live } ? group.ScimId : null;
}
