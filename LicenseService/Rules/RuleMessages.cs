using Contracts.Events.V1;
using LicenseService.Storage;

namespace LicenseService.Rules;

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
    internal string? Error() => EnumNames.Find<RuleKind>(Kind) switch
    {
        null => $"'kind' must be one of: {EnumNames.All<RuleKind>()}.",
        RuleKind.Group when GroupId is null => "'groupId' must name the group: its id from GET /api/v1/groups, not its SCIM id.",
        not RuleKind.Group when GroupId is not null => "'groupId' goes with the kind 'group' only.",
        _ => Order is null ? null : new RuleOrder(Order).Error(),
    };
}

/// <param name="GroupStatus">Only a <c>live</c> group gives seats: of another one nobody is named.</param>
/// <param name="Order">The place of the rule among the pool's rules; behind the others where the request names none.</param>
/// <param name="Free">Seats that nobody uses now; of these <paramref name="Held"/> are kept back by a hold.</param>
/// <param name="FreeAfter">Seats that nobody would use once the rule has had its effect.</param>
/// <param name="GetSeat">Users who would get a seat, the first to get one first.</param>
/// <param name="HoldSeat">Users who hold one already.</param>
/// <param name="Wait">Users who would wait for one, the first in line first; some may wait already by another rule.</param>
/// <param name="NotActive">Users who cannot have one, since they are not active.</param>
/// <param name="NoEmail">Active users who cannot have one, since they have no email address.</param>
internal sealed record RulePreview(
    string Kind, Guid? GroupId, string? GroupName, string? GroupStatus, int Order, int Seats, int Used, int Free, int Held, long FreeAfter,
    UsersView GetSeat, UsersView HoldSeat, UsersView Wait, UsersView NotActive, UsersView NoEmail)
{
    internal static RulePreview Of(NewRule rule, RuleForecast forecast) => new(
        rule.Kind!, rule.GroupId, forecast.GroupName, forecast.GroupStatus?.Word(), forecast.Order, forecast.Pool.Seats, forecast.Pool.Used, forecast.Pool.Free,
        forecast.Pool.Held, forecast.Pool.Free - forecast.Of(RuleEffect.GetsSeat).Count,
        UsersView.Of(forecast.Of(RuleEffect.GetsSeat)), UsersView.Of(forecast.Of(RuleEffect.HoldsSeat)), UsersView.Of(forecast.Of(RuleEffect.Waits)),
        UsersView.Of(forecast.Of(RuleEffect.NotActive)), UsersView.Of(forecast.Of(RuleEffect.NoEmail)));
}

/// <param name="FreeAfter">Seats that nobody would use once the rule has ended; those who wait by other rules get them.</param>
/// <param name="LoseSeat">Users who would lose their seat, since nothing else gives it.</param>
/// <param name="KeepSeat">Users who would keep it: an admin or another rule gives it as well.</param>
/// <param name="LeaveLine">Users who wait for a seat and would not any more.</param>
internal sealed record RuleEndPreview(
    Guid RuleId, string Kind, Guid? GroupId, string? GroupName, string? GroupStatus, int Seats, int Used, int Free, int Held, long FreeAfter,
    UsersView LoseSeat, UsersView KeepSeat, UsersView LeaveLine)
{
    internal static RuleEndPreview Of(Rule rule, RuleForecast forecast) => new(
        rule.Id, rule.Kind.Word(), rule.GroupId, forecast.GroupName, forecast.GroupStatus?.Word(), forecast.Pool.Seats, forecast.Pool.Used, forecast.Pool.Free,
        forecast.Pool.Held, forecast.Pool.Free + forecast.Of(RuleEffect.LosesSeat).Count,
        UsersView.Of(forecast.Of(RuleEffect.LosesSeat)), UsersView.Of(forecast.Of(RuleEffect.KeepsSeat)), UsersView.Of(forecast.Of(RuleEffect.LeavesLine)));
}

/// <param name="Count">How many they are.</param>
/// <param name="First">Up to 20 of them.</param>
internal sealed record UsersView(long Count, IReadOnlyList<UserView> First)
{
    internal static UsersView Of(AffectedUsers users) =>
        new(users.Count, [.. users.First.Select(user => new UserView(user.UserId, user.UserName, user.DisplayName))]);
}

internal sealed record UserView(Guid UserId, string UserName, string? DisplayName);

internal sealed record RuleOrder(int? Order)
{
    internal string? Error() => Order is >= 0 and <= RuleStore.MaxOrder ? null : $"'order' must be a whole number from 0 to {RuleStore.MaxOrder}.";
}
