using Contracts.Events.V1;
using LicenseService.Work;

namespace LicenseService.Rules;

/// <summary>A rule that gives seats of a pool to all users of a kind, or to the members of a group.</summary>
/// <param name="Order">Lower comes first; the id decides between equals.</param>
/// <param name="GroupId">Internal id of the group; null unless the kind is <see cref="RuleKind.Group"/>.</param>
internal sealed record Rule(Guid Id, Guid PoolId, RuleKind Kind, Guid? GroupId, int Order)
{
    /// <summary>Whether the rule gives a seat to this user, provided that the user is eligible.</summary>
    /// <param name="liveGroups">Internal ids of the live groups that the user is a member of.</param>
    internal bool Matches(SeatCandidate user, IReadOnlySet<Guid> liveGroups) => user.Status == UserStatus.Active && Kind switch
    {
        RuleKind.AllUsers => true,
        RuleKind.AllScimUsers => user.FromDirectory,
        RuleKind.AllManualUsers => !user.FromDirectory,
        RuleKind.Group => liveGroups.Contains(GroupId!.Value),
    };

    /// <summary>The rules of one pool that give a seat to this user, first one first. <c>Storage/Entitlement</c> is the SQL form.</summary>
    internal static IEnumerable<Rule> Matching(IEnumerable<Rule> rules, SeatCandidate user, IReadOnlySet<Guid> liveGroups) =>
        rules.Where(rule => rule.Matches(user, liveGroups)).OrderBy(rule => rule.Order).ThenBy(rule => rule.Id);
}
