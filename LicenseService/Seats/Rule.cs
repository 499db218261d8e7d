using Contracts.Events.V1;

namespace LicenseService.Seats;

/// <summary>Gives the seats of a pool to users by what they are, not by name.</summary>
/// <param name="Order">Lower comes first; the id decides between equals.</param>
/// <param name="GroupId">Internal id of the group; null but for <see cref="RuleKind.Group"/>.</param>
internal sealed record Rule(Guid Id, Guid PoolId, RuleKind Kind, Guid? GroupId, int Order)
{
    /// <summary>Whether it gives a seat to this user, if the user may hold one.</summary>
    /// <param name="liveGroups">Internal ids of the live groups that the user is a member of.</param>
    internal bool Matches(Holder user, IReadOnlySet<Guid> liveGroups) => user.Status == UserStatus.Active && Kind switch
    {
        RuleKind.AllUsers => true,
        RuleKind.AllScimUsers => user.FromDirectory,
        RuleKind.AllManualUsers => !user.FromDirectory,
        RuleKind.Group => liveGroups.Contains(GroupId!.Value),
    };

    /// <summary>The rules of one pool that give a seat to this user, first one first. <c>Storage/Entitlement</c> says the same in SQL.</summary>
    internal static IEnumerable<Rule> Matching(IEnumerable<Rule> rules, Holder user, IReadOnlySet<Guid> liveGroups) =>
        rules.Where(rule => rule.Matches(user, liveGroups)).OrderBy(rule => rule.Order).ThenBy(rule => rule.Id);
}
