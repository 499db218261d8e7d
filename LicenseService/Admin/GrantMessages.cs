using Contracts.Events.V1;
using LicenseService.Seats;

namespace LicenseService.Admin;

internal sealed record GrantView(
    Guid PoolId, Guid UserId, string UserName, string? DisplayName, DateTimeOffset AssignedAt, Actor AssignedBy)
{
    internal static GrantView Of(Grant grant) =>
        new(grant.PoolId, grant.UserId, grant.UserName, grant.DisplayName, grant.At, grant.By);
}

/// <param name="Items">In the order of their user ids.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
internal sealed record GrantPage(IReadOnlyList<GrantView> Items, Guid? Next);

/// <param name="Kind"><c>granted</c> or <c>freed</c>.</param>
/// <param name="Reason">Why, in a word: <c>assigned</c>, <c>unassigned</c>, <c>notActive</c>, <c>wasNotActive</c>, <c>noEmail</c>.</param>
internal sealed record GrantEvent(DateTimeOffset At, string Kind, string Reason, string Product, Guid PoolId, Actor Actor);

/// <param name="Items">Newest first.</param>
internal sealed record GrantEventList(IReadOnlyList<GrantEvent> Items);
