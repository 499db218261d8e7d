using Contracts.Events.V1;
using PolicyService.Policies;

namespace PolicyService.Admin;

/// <summary>Of POST and PUT. What may be left out: <c>enabled</c> and <c>order</c>.</summary>
internal sealed record PolicyBody(string? Name, IReadOnlyList<Guid>? GroupIds, bool? Enabled, int? Order);

internal sealed record PolicyView(
    Guid Id, string Name, bool Enabled, int Order, IReadOnlyList<Guid> GroupIds, IReadOnlyList<NamedGroup> Groups)
{
    internal static PolicyView Of(Policy policy) =>
        new(policy.Id, policy.Name, policy.Enabled, policy.Order, [.. policy.Groups.Select(group => group.Id)], policy.Groups);
}

/// <param name="Items">In the order in which they apply.</param>
internal sealed record PolicyList(IReadOnlyList<PolicyView> Items);

/// <param name="Items">In the order of their user ids.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
internal sealed record MemberPage(IReadOnlyList<Member> Items, Guid? Next);

/// <param name="Items">In the order in which they apply.</param>
internal sealed record AppliedPolicyList(IReadOnlyList<AppliedPolicy> Items);

internal sealed record EvaluationBody(Guid? UserId);

/// <param name="Policies">All of the account, in the order in which they apply.</param>
internal sealed record EvaluationView(Guid UserId, UserStatus UserStatus, IReadOnlyList<Evaluation> Policies);

/// <param name="Kind"><c>joined</c> or <c>left</c>.</param>
/// <param name="Reason">What changed: <c>user</c> (its state) or <c>group</c> (its groups).</param>
/// <param name="PolicyName">At that time.</param>
internal sealed record MembershipEvent(DateTimeOffset At, string Kind, string Reason, Guid PolicyId, string PolicyName);

/// <param name="Items">Newest first.</param>
internal sealed record MembershipEventList(IReadOnlyList<MembershipEvent> Items);
