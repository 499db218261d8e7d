using Contracts.Events.V1;
using LicenseService.Storage;

namespace LicenseService.Assignments;

/// <param name="Licenses">How the user stands towards each pool of the account.</param>
/// <param name="Refusals">Seats that were asked for and not given, the latest first, folded per hour.</param>
/// <param name="UpToDate">What the directory has acknowledged about the user counts in this answer. False: the directory service could not
/// be asked, and the latest changes may be missing. A seat that a rule gives anew comes a moment after.</param>
internal sealed record UserLicenses(
    Guid UserId, string UserName, string? DisplayName, UserStatus Status, bool HasEmail, IReadOnlyList<UserLicense> Licenses, IReadOnlyList<RefusalView> Refusals,
    bool UpToDate)
{
    internal static UserLicenses Of(UserSeatState user, IReadOnlyList<RefusalRecord> refusals, bool upToDate) => new(
        user.UserId, user.UserName, user.DisplayName, user.Status, user.HasEmail,
        [.. user.Pools.Select(pool => UserLicense.Of(user, pool))], [.. refusals.Select(RefusalView.Of)], upToDate);
}

/// <param name="Reasons">Why the user holds, or should hold, a seat: an admin, then rules in their order.</param>
/// <param name="Obstacles">Why the user holds none: <c>notActive</c>, <c>noEmail</c>, <c>noReason</c> (neither an admin nor a rule gives
/// one), <c>poolFull</c>, <c>seatsHeld</c>. Empty for a holder, and for the moment in which a seat is on its way.</param>
internal sealed record UserLicense(
    Guid PoolId, string Product, bool Holds, DateTimeOffset? Since, IReadOnlyList<ReasonView> Reasons, IReadOnlyList<string> Obstacles, WaitView? Waiting)
{
    internal static UserLicense Of(UserSeatState user, UserPoolState pool) => new(
        pool.PoolId, pool.Product, pool.GrantedAt is not null, pool.GrantedAt,
        [
            .. pool.ManualAt is { } at ? (ReasonView[])[new ReasonView("manual", at, pool.ManualBy, null, null, null, null, null)] : [],
            .. pool.Rules.Select(rule => new ReasonView("rule", null, null, rule.RuleId, rule.Order, rule.Kind, rule.GroupId, rule.GroupName)),
        ],
        pool.GrantedAt is null ? [.. ObstaclesOf(user, pool)] : [],
        pool.WaitingSince is { } since ? new WaitView(since, pool.Ahead, pool.OwnSeatHeld) : null);

    private static IEnumerable<string> ObstaclesOf(UserSeatState user, UserPoolState pool)
    {
        if (user.Status != UserStatus.Active) yield return Refusal.NotActive.Word();
        if (!user.HasEmail) yield return Refusal.NoEmail.Word();
        if (pool.Rules is []) yield return "noReason";
        else if (pool is { WaitingSince: not null, Free: <= 0 }) yield return Refusal.PoolFull.Word();
        else if (pool is { WaitingSince: not null, OwnSeatHeld: false, Open: 0 }) yield return Refusal.SeatsHeld.Word();
    }
}

/// <param name="Kind"><c>manual</c> or <c>rule</c>; the members that belong to the other are null.</param>
internal sealed record ReasonView(
    string Kind, DateTimeOffset? At, Actor? By, Guid? RuleId, int? RuleOrder, string? RuleKind, Guid? GroupId, string? GroupName);

/// <param name="Ahead">Users ahead in the line.</param>
/// <param name="OwnSeatHeld">A hold keeps back a seat that this user held: the user gets that one.</param>
internal sealed record WaitView(DateTimeOffset Since, long Ahead, bool OwnSeatHeld);

/// <param name="Times">How often within the hour that begins at <paramref name="Hour"/>.</param>
/// <param name="RuleId">The rule that would have given the seat; null: an admin asked.</param>
internal sealed record RefusalView(Guid PoolId, string Reason, DateTimeOffset Hour, long Times, DateTimeOffset LastAt, Guid? RuleId, Actor Actor)
{
    internal static RefusalView Of(RefusalRecord refusal) =>
        new(refusal.PoolId, refusal.Reason, refusal.Hour, refusal.Times, refusal.LastAt, refusal.RuleId, refusal.Actor);
}
