using Contracts.Events.V1;
using FsCheck;
using FsCheck.Fluent;
using LicenseService.Rules;
using Testing;

namespace LicenseService.Tests.Seats;

/// <summary>Something that happens, in the directory or by an admin.</summary>
public abstract record PlayStep
{
    private PlayStep() { }

    /// <summary>The user gets another status, has or loses its address.</summary>
    public sealed record UserBecomes(int Index, UserStatus Status, bool HasEmail) : PlayStep;

    public sealed record GroupBecomes(int Index, GroupStatus Status, bool NewIncarnation) : PlayStep;

    public sealed record MemberMoves(int Group, int User, bool Present) : PlayStep;

    public sealed record Assign(int User) : PlayStep;

    public sealed record Unassign(int User) : PlayStep;

    /// <summary>A rule for one of the groups, or (behind them) for one of the system groups.</summary>
    public sealed record Make(int Target, int Order) : PlayStep;

    public sealed record Move(int Target, int Order) : PlayStep;

    public sealed record Delete(int Target) : PlayStep;

    public sealed record Resize(int Seats) : PlayStep;
}

/// <summary>A generated play: what happens, and a seed for the order in which its facts arrive.</summary>
public sealed record GeneratedPlay(IReadOnlyList<PlayStep> Acts, int Seed)
{
    public const int Users = 6;
    public const int Groups = 3;
    internal static readonly RuleKind[] System = [RuleKind.AllUsers, RuleKind.AllScimUsers, RuleKind.AllManualUsers];

    private static readonly Gen<int> AnyUser = Gen.Choose(0, Users - 1);
    private static readonly Gen<int> AnyTarget = Gen.Frequency((4, Gen.Choose(0, Groups - 1)), (1, Gen.Choose(Groups, Groups + System.Length - 1)));

    private static readonly Gen<PlayStep> Any = Gen.Frequency(
        (6, from user in AnyUser
            from status in Gen.Frequency((2, Gen.Constant(UserStatus.Active)), (1, Gen.Elements(Enum.GetValues<UserStatus>())))
            from email in Gen.Frequency((5, Gen.Constant(true)), (1, Gen.Constant(false)))
            select (PlayStep)new PlayStep.UserBecomes(user, status, email)),
        (2, from index in Gen.Choose(0, Groups - 1)
            from status in Gen.Elements(Enum.GetValues<GroupStatus>())
            from anew in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
            select (PlayStep)new PlayStep.GroupBecomes(index, status, anew)),
        (6, from index in Gen.Choose(0, Groups - 1)
            from user in AnyUser
            from present in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
            select (PlayStep)new PlayStep.MemberMoves(index, user, present)),
        (3, from user in AnyUser select (PlayStep)new PlayStep.Assign(user)),
        (1, from user in AnyUser select (PlayStep)new PlayStep.Unassign(user)),
        (4, from target in AnyTarget from order in Gen.Choose(0, 3) select (PlayStep)new PlayStep.Make(target, order)),
        (1, from target in AnyTarget from order in Gen.Choose(0, 3) select (PlayStep)new PlayStep.Move(target, order)),
        (1, from target in AnyTarget select (PlayStep)new PlayStep.Delete(target)),
        (1, from seats in Gen.Choose(0, Users) select (PlayStep)new PlayStep.Resize(seats)));

    /// <summary>Shrinks by leaving one act out.</summary>
    public static Arbitrary<GeneratedPlay> OfLength(int least, int most) => Arb.From(
        from length in Gen.Choose(least, most)
        from acts in Gen.ListOf(Any, length)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new GeneratedPlay([.. acts], seed),
        play => Enumerable.Range(0, play.Acts.Count).Select(left => play with { Acts = [.. play.Acts.Where((_, index) => index != left)] }));
}

/// <summary>
/// The directory of a play: makes facts of what happens, as the directory service does (versions, counters, incarnations). The
/// first half of the users came from a directory.
/// </summary>
public sealed class PlayedDirectory
{
    private readonly Guid account;

    public PlayedDirectory(Guid account)
    {
        this.account = account;
        Users = [.. Enumerable.Range(0, GeneratedPlay.Users).Select(n => Facts.User(
            version: 1, account, directory: n < GeneratedPlay.Users / 2 ? Guid.NewGuid() : null, userName: $"user{n}@example.com"))];
        Groups = [.. Enumerable.Range(0, GeneratedPlay.Groups).Select(n => Facts.Group(version: 1, account, Guid.NewGuid(), Guid.NewGuid(), displayName: $"Group {n}"))];
    }

    public UserChanged[] Users { get; }

    public GroupChanged[] Groups { get; }

    private readonly Dictionary<(Guid GroupScim, Guid UserScim), MembershipEdge> edges = [];

    /// <summary>The state feed as it would be now: of each group the members of its present incarnation.</summary>
    public IEnumerable<IFact> Feed() =>
    [
        .. Users, .. Groups,
        .. Groups.Select(group => Facts.Members(group.Version, account, group.GroupId, group.ScimId,
            [.. edges.Where(pair => pair.Key.GroupScim == group.ScimId && pair.Value.Present).Select(pair => (pair.Value.UserId, pair.Value.UserScimId, true))])),
    ];

    /// <summary>Facts that tell of the beginning.</summary>
    public IEnumerable<IFact> Beginning() => [.. Users, .. Groups];

    /// <summary>Null: nothing of the directory changed.</summary>
    public IFact? Tell(PlayStep act)
    {
        switch (act)
        {
            case PlayStep.UserBecomes user:
                var before = Users[user.Index];
                return Users[user.Index] = before with
                {
                    EventId = Guid.NewGuid(), Version = before.Version + 1, Status = user.Status, Email = user.HasEmail ? "a@example.com" : null,
                    Deactivations = before.Deactivations + (before.Status == UserStatus.Active && user.Status != UserStatus.Active ? 1 : 0),
                    // A removed user comes back as another incarnation.
                    ScimId = before.Status == UserStatus.Removed ? Guid.NewGuid() : before.ScimId,
                };
            case PlayStep.GroupBecomes group:
                var was = Groups[group.Index];
                return Groups[group.Index] = was with
                {
                    EventId = Guid.NewGuid(), Version = was.Version + 1, Status = group.Status, ScimId = group.NewIncarnation ? Guid.NewGuid() : was.ScimId,
                };
            case PlayStep.MemberMoves member:
                var (of, user2) = (Groups[member.Group], Users[member.User]);
                Groups[member.Group] = of with { Version = of.Version + 1 };
                var told = Facts.Members(of.Version + 1, account, of.GroupId, of.ScimId, (user2.UserId, user2.ScimId, member.Present));
                edges[(of.ScimId, user2.ScimId)] = told.Edges[0];
                return told;
            default:
                return null;
        }
    }
}
