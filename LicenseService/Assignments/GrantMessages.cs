using Contracts.Events.V1;

namespace LicenseService.Assignments;

/// <param name="Manual">An admin gave it, alone or beside rules.</param>
/// <param name="RuleId">The rule by which it was given; null: by an admin alone. <c>GET /api/v1/licenses/users/{id}</c> has all reasons.</param>
internal sealed record GrantView(
    Guid PoolId, Guid UserId, string UserName, string? DisplayName, DateTimeOffset AssignedAt, Actor AssignedBy, bool Manual, Guid? RuleId)
{
    internal static GrantView Of(Grant grant) =>
        new(grant.PoolId, grant.UserId, grant.UserName, grant.DisplayName, grant.At, grant.By, grant.Manual, grant.RuleId);
}

/// <param name="Items">In the order of their user ids.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
internal sealed record GrantPage(IReadOnlyList<GrantView> Items, Guid? Next);

/// <param name="Kind"><c>granted</c> or <c>freed</c>.</param>
/// <param name="Reason">Why, in a word. Granted: <c>assigned</c>, <c>rule</c>. Freed: <c>unassigned</c>, <c>notActive</c>,
/// <c>wasNotActive</c>, <c>noEmail</c>, <c>noRule</c>, <c>poolShrunk</c>, <c>alert</c> (kept back for users whom a directory let go; the holder waits again).</param>
internal sealed record GrantEvent(DateTimeOffset At, string Kind, string Reason, string Product, Guid PoolId, Actor Actor, Guid? RuleId);

/// <param name="Items">Newest first.</param>
internal sealed record GrantEventList(IReadOnlyList<GrantEvent> Items);
