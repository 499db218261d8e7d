using Contracts.Events.V1;
using PolicyService.Policies;

namespace PolicyService.Members;

/// <summary>What would change if a group, a user or a directory were disabled or deleted.</summary>
/// <param name="Subject"><c>group</c>, <c>user</c> or <c>directory</c>.</param>
/// <param name="Effect">For people.</param>
/// <param name="LookedAt">Users of the subject that were looked at for the counts of <paramref name="Policies"/>.</param>
/// <param name="Exact">False: the subject has more users than were looked at, and the counts are the least that they can be.</param>
/// <param name="Policies">Those that apply to any of these users, now or then. Null on pages after the first.</param>
/// <param name="Items">Users for whom something changes (of a directory: to whom policies apply), by id; can be fewer than asked for although there are more.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
internal sealed record Preview(
    string Subject, Guid Id, string Name, string Effect, int LookedAt, bool Exact,
    IReadOnlyList<PreviewedPolicy>? Policies, IReadOnlyList<PreviewedUser> Items, Guid? Next)
{
    /// <summary>
    /// What the directory has acknowledged about the user and its groups, or about the group or the directory itself, counts in this
    /// answer; who is in a group or a directory is as the facts have come so far. False: the directory could not be asked.
    /// </summary>
    public bool UpToDate { get; init; } = true;
}

/// <param name="Leave">Users who would leave it.</param>
/// <param name="Join">Users who would come under it, because what excludes them has no effect any more.</param>
/// <param name="Keep">Users who stay under it.</param>
internal sealed record PreviewedPolicy(Guid Id, string Name, PolicyKind Kind, PolicyAction Action, int Order, int Leave, int Join, int Keep);

internal sealed record PreviewedUser(
    Guid UserId, string UserName, string? DisplayName, IReadOnlyList<PolicyName> Leaves, IReadOnlyList<PolicyName> Joins, IReadOnlyList<PolicyName> Keeps);

internal sealed record PolicyName(Guid Id, string Name);

/// <summary>The sentence that describes a preview.</summary>
internal static class PreviewText
{
    internal static string OfGroup(GroupStatus status) => status == GroupStatus.Live
        ? "Without the group its members leave the policies that reach them through it alone, and come under those that only the group's exclusion keeps from them. When the group comes back it attaches again."
        : "The group has no effect already, so nothing changes.";

    internal static string OfUser(UserStatus status) => status == UserStatus.Active
        ? "The user leaves all policies. When it is active again they apply again, unless the directory removed it: then it is no longer named by itself in any."
        : "The user is not active already, so nothing changes.";

    internal static string OfDirectory(bool deleted) => deleted
        ? "The directory is deleted already. Its users stay as they are, and under the policies that apply to them."
        : "Deleting the directory changes nothing at once: its users stay active, and under the policies that apply to them, but no longer follow the identity provider. To take them out, remove them there first.";
}
