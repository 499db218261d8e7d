using Contracts.Events.V1;
using LicenseService.Seats;
using LicenseService.Storage;

namespace LicenseService.Admin;

/// <param name="Kind"><c>allUsers</c>, <c>allScimUsers</c>, <c>allManualUsers</c> or <c>group</c>.</param>
/// <param name="GroupName">Null for the other kinds; also when the group is not known (any more).</param>
/// <param name="GroupStatus">Only a <c>live</c> group gives seats.</param>
/// <param name="Order">Lower comes first.</param>
/// <param name="Waiting">Users who wait for a seat by this rule first of all.</param>
/// <param name="WorkId">What was begun by this request: <c>GET /api/v1/licenses/work/{id}</c> shows how far it is.</param>
internal sealed record RuleView(
    Guid Id, Guid PoolId, string Kind, Guid? GroupId, string? GroupName, string? GroupStatus, int Order, long Waiting, DateTimeOffset CreatedAt, Actor CreatedBy,
    Guid? WorkId)
{
    internal static RuleView Of(RuleState state, Guid? work = null) => new(
        state.Rule.Id, state.Rule.PoolId, state.Rule.Kind.Word(), state.Rule.GroupId, state.GroupName, state.GroupStatus?.Word(), state.Rule.Order,
        state.Waiting, state.CreatedAt, state.CreatedBy, work);
}

/// <param name="Items">In their order.</param>
internal sealed record RuleList(IReadOnlyList<RuleView> Items);

internal sealed record NewRule(string? Kind, Guid? GroupId = null, int? Order = null)
{
    internal string? Error() => Words.Find<RuleKind>(Kind) switch
    {
        null => $"'kind' must be one of: {Words.All<RuleKind>()}.",
        RuleKind.Group when GroupId is null => "'groupId' must name the group: its id from GET /api/v1/groups, not its SCIM id.",
        not RuleKind.Group when GroupId is not null => "'groupId' goes with the kind 'group' only.",
        _ => Order is null ? null : new RuleOrder(Order).Error(),
    };
}

internal sealed record RuleOrder(int? Order)
{
    internal string? Error() => Order is >= 0 and <= RuleStore.MaxOrder ? null : $"'order' must be a whole number from 0 to {RuleStore.MaxOrder}.";
}
