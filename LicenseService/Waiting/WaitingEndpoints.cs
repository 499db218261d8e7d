using System.Security.Claims;
using LicenseService.Admin;
using LicenseService.Pools;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace LicenseService.Waiting;

/// <summary>
/// <c>GET /api/v1/licenses/pools/{pool}/waiting</c>: the waiting list, first entry first; and
/// <c>GET /api/v1/licenses/alerts</c>: pools in which users wait and no seat is open.
/// </summary>
internal static class WaitingEndpoints
{
    internal static void MapWaiting(this RouteGroupBuilder licenses)
    {
        licenses.MapGet("/pools/{pool:guid}/waiting", ListAsync).WithSummary("Who waits for a seat; who gets the next one comes first");
        licenses.MapGet("/alerts", AlertsAsync).WithSummary("Pools in which users wait and no seat is open");
    }

    private static async Task<Results<Ok<WaitingPage>, ProblemHttpResult>> ListAsync(
        Guid pool, string? after, int? limit, ClaimsPrincipal admin, PoolStore pools, WaitingListStore waiting, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit);
        if (page.Refusal is { } refusal) return refusal;
        var place = after is null ? null : WaitingListPosition.TryParse(after);
        if (after is not null && place is null) return AdminProblem.Invalid("'after' must be the 'next' of the page before.");
        var account = admin.AccountId();
        if (await pools.FindAsync(account, pool, cancellationToken) is null) return PoolEndpoints.NoPool(pool);
        // One more than asked for tells whether there is a next page.
        var found = await waiting.ListAsync(account, pool, place, page.Size + 1, cancellationToken);
        var last = found.Count > page.Size ? found[page.Size - 1] : null;
        return TypedResults.Ok(new WaitingPage(
            [.. found.Take(page.Size).Select(WaitingView.Of)], last is null ? null : new WaitingListPosition(last.Order, last.RuleId, last.Since, last.UserId).ToString()));
    }

    private static async Task<Results<Ok<AlertList>, ProblemHttpResult>> AlertsAsync(
        int? limit, ClaimsPrincipal admin, AlertStore alerts, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit);
        if (page.Refusal is { } refusal) return refusal;
        return TypedResults.Ok(new AlertList([.. (await alerts.ListAsync(admin.AccountId(), page.Size, cancellationToken)).Select(AlertView.Of)]));
    }
}

/// <param name="RuleId">The first rule that gives the user a seat.</param>
/// <param name="OwnSeatHeld">A hold keeps back a seat that this user held: the user gets that one.</param>
internal sealed record WaitingView(Guid UserId, string UserName, string? DisplayName, Guid RuleId, int RuleOrder, DateTimeOffset Since, bool OwnSeatHeld)
{
    internal static WaitingView Of(WaitingUser user) =>
        new(user.UserId, user.UserName, user.DisplayName, user.RuleId, user.Order, user.Since, user.OwnSeatHeld);
}

/// <param name="Items">By order of the rules, then since when they wait, then user id.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last one.</param>
internal sealed record WaitingPage(IReadOnlyList<WaitingView> Items, string? Next);

/// <param name="Kind"><c>seatsExhausted</c>: users wait and no seat is open.</param>
/// <param name="ResolvedAt">When nobody waited any more; null: somebody does.</param>
internal sealed record AlertView(Guid Id, string Kind, Guid PoolId, string Product, DateTimeOffset At, DateTimeOffset? ResolvedAt, long Waiting, string Text)
{
    internal static AlertView Of(Alert alert) => new(
        alert.Id, alert.Kind, alert.PoolId, alert.Product, alert.At, alert.ResolvedAt, alert.Waiting,
        alert.ResolvedAt is null
            ? $"{alert.Waiting} users wait for a license of {alert.Product} and no seat is open. Buy seats, take licenses back, or release what a hold keeps back."
            : $"Users waited for a license of {alert.Product}; nobody does any more.");
}

/// <param name="Items">Open ones first, then the latest.</param>
internal sealed record AlertList(IReadOnlyList<AlertView> Items);
