using Contracts.Events.V1;
using ServiceDefaults.Projections;

namespace PolicyService.Consumers;

/// <summary>Of what a batch of facts changed in one account: what can change who is under a policy.</summary>
/// <param name="Users">Became active, ceased to be, came back as another incarnation, changed directory, or <see cref="Blinked"/>.</param>
/// <param name="Groups">Have an effect again, have none any more, or came back as another incarnation.</param>
internal sealed record MembershipMoves(
    Guid Account, IReadOnlyList<UserMove> Users, IReadOnlyList<GroupMove> Groups, IReadOnlyList<EdgeMove> Edges)
{
    /// <summary>By account, always in the same order: so are the accounts' feeds locked.</summary>
    internal static IEnumerable<MembershipMoves> Of(AppliedFacts applied) =>
        from account in applied.Users.Select(move => move.After.AccountId)
            .Concat(applied.Groups.Select(move => move.After.AccountId))
            .Concat(applied.Edges.Select(move => move.AccountId))
            .Distinct().Order()
        let moves = new MembershipMoves(
            account,
            [.. applied.Users.Where(move => move.After.AccountId == account && Counts(move))],
            [.. applied.Groups.Where(move => move.After.AccountId == account && Effective(move.Before) != Effective(move.After))],
            [.. applied.Edges.Where(move => move.AccountId == account)])
        where moves is not { Users: [], Groups: [], Edges: [] }
        select moves;

    /// <summary>Without the groups that no policy names.</summary>
    internal MembershipMoves OfGroups(IReadOnlySet<Guid> named) => this with
    {
        Groups = [.. Groups.Where(move => named.Contains(move.After.GroupId))],
        Edges = [.. Edges.Where(move => named.Contains(move.GroupId))],
    };

    /// <summary>Active before and after, but not in between: the timeline tells it, the feed need not.</summary>
    internal static bool Blinked(UserMove move) =>
        move is { Before: { Status: UserStatus.Active } before, After: { Status: UserStatus.Active } after } && before.Deactivations < after.Deactivations;

    private static bool Counts(UserMove move) => Blinked(move) || Effective(move.Before) != Effective(move.After);

    private static (Guid ScimId, Guid? DirectoryId)? Effective(UserRow? user) =>
        user is { Status: UserStatus.Active } ? (user.ScimId, user.DirectoryId) : null;

    private static Guid? Effective(GroupRow? group) => group is { Status: GroupStatus.Live } ? group.ScimId : null;
}
