using Contracts.Events.V1;
using PolicyService.Feed;
using PolicyService.Members;

namespace PolicyService.Policies;

/// <summary>
/// Of POST and PUT. <c>name</c> and one of those it is for (<c>everyone</c>, <c>groupIds</c>, <c>userIds</c>, <c>directoryIds</c>) must be
/// there; what else is left out stays as it is, and a new policy has kind <c>access</c>, action <c>allow</c>, is enabled, comes last and
/// names nobody more.
/// </summary>
internal sealed record PolicyBody(
    string? Name, IReadOnlyList<Guid>? GroupIds = null, bool? Enabled = null, int? Order = null, string? Kind = null, string? Action = null,
    bool? Everyone = null, IReadOnlyList<Guid>? UserIds = null, IReadOnlyList<Guid>? DirectoryIds = null,
    IReadOnlyList<Guid>? ExcludedUserIds = null, IReadOnlyList<Guid>? ExcludedGroupIds = null, IReadOnlyList<Guid>? ExcludedDirectoryIds = null);

internal sealed record PolicyView(
    Guid Id, string Name, bool Enabled, int Order, IReadOnlyList<Guid> GroupIds, IReadOnlyList<NamedGroup> Groups,
    PolicyKind Kind, PolicyAction Action, bool Everyone,
    IReadOnlyList<Guid> UserIds, IReadOnlyList<NamedUser> Users,
    IReadOnlyList<Guid> DirectoryIds, IReadOnlyList<NamedDirectory> Directories,
    IReadOnlyList<Guid> ExcludedUserIds, IReadOnlyList<NamedUser> ExcludedUsers,
    IReadOnlyList<Guid> ExcludedGroupIds, IReadOnlyList<NamedGroup> ExcludedGroups,
    IReadOnlyList<Guid> ExcludedDirectoryIds, IReadOnlyList<NamedDirectory> ExcludedDirectories)
{
    internal static PolicyView Of(Policy policy)
    {
        var (sources, exclusions) = (policy.Sources, policy.Exclusions);
        return new PolicyView(
            policy.Id, policy.Name, policy.Enabled, policy.Order, Ids(sources.Groups), sources.Groups, policy.Kind, policy.Action, policy.Everyone,
            Ids(sources.Users), sources.Users, Ids(sources.Directories), sources.Directories,
            Ids(exclusions.Users), exclusions.Users, Ids(exclusions.Groups), exclusions.Groups, Ids(exclusions.Directories), exclusions.Directories);
    }

    private static IReadOnlyList<Guid> Ids(IReadOnlyList<NamedUser> users) => [.. users.Select(user => user.Id)];

    private static IReadOnlyList<Guid> Ids(IReadOnlyList<NamedGroup> groups) => [.. groups.Select(group => group.Id)];

    private static IReadOnlyList<Guid> Ids(IReadOnlyList<NamedDirectory> directories) => [.. directories.Select(directory => directory.Id)];
}

/// <param name="Items">In the order in which they apply.</param>
internal sealed record PolicyList(IReadOnlyList<PolicyView> Items);

/// <param name="Items">In the order of their user ids; can be fewer than asked for although there are more.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
internal sealed record MemberPage(IReadOnlyList<Member> Items, Guid? Next);

/// <param name="Items">In the order in which they apply.</param>
/// <param name="UpToDate">What the directory has acknowledged about the user and its groups counts in this answer. False: the directory
/// service could not be asked, and the latest changes may be missing.</param>
internal sealed record AppliedPolicyList(IReadOnlyList<AppliedPolicy> Items, bool UpToDate);

internal sealed record EvaluationBody(Guid? UserId);

/// <param name="Policies">All of the account, in the order in which they apply.</param>
/// <param name="UpToDate">What the directory has acknowledged about the user and its groups counts in this answer. False: the directory
/// service could not be asked, and the latest changes may be missing.</param>
internal sealed record EvaluationView(Guid UserId, UserStatus UserStatus, IReadOnlyList<Evaluation> Policies, bool UpToDate);

/// <param name="Kind"><c>joined</c> or <c>left</c>.</param>
/// <param name="Reason">What changed: <c>user</c> (its state) or <c>group</c> (its groups).</param>
/// <param name="PolicyName">At that time.</param>
internal sealed record MembershipEvent(DateTimeOffset At, string Kind, string Reason, Guid PolicyId, string PolicyName);

/// <param name="Items">Newest first.</param>
/// <param name="UpToDate">What the directory has acknowledged about the user and its groups counts in this answer. False: the directory
/// could not be asked. Later pages do not depend on it.</param>
internal sealed record MembershipEventList(IReadOnlyList<MembershipEvent> Items, bool UpToDate);

/// <param name="Items">In order.</param>
/// <param name="Next">What to send as <c>after</c> next time.</param>
/// <param name="Newest">Position of the newest record: while <c>next</c> is less, there is more.</param>
internal sealed record ChangePage(IReadOnlyList<ChangeRecord> Items, long Next, long Newest);

/// <summary>Where a stream without a position begins.</summary>
internal sealed record FeedPosition(long Position);
