using System.Security.Claims;
using Contracts.Events.V1;
using LicenseService.Admin;
using LicenseService.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace LicenseService.Holds;

/// <summary>
/// <c>/api/v1/licenses/holds</c>: lists holds, shows one, and releases its seats. A hold keeps back the seats that users lost
/// in a mass deactivation.
/// </summary>
internal static class HoldEndpoints
{
    internal static void MapHolds(this RouteGroupBuilder licenses)
    {
        licenses.MapGet("/holds", ListAsync).WithSummary("Seats kept back since a directory let go of many users at once");
        licenses.MapGet("/holds/{hold:guid}", GetAsync).WithSummary("One hold");
        licenses.MapPost("/holds/{hold:guid}/release", ReleaseAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Gives the seats of a hold to those who wait");
    }

    private static async Task<Results<Ok<HoldList>, ProblemHttpResult>> ListAsync(
        int? limit, ClaimsPrincipal admin, HoldStore holds, TimeProvider clock, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit);
        if (page.Refusal is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new HoldList([.. (await holds.ListAsync(admin.AccountId(), page.Size, cancellationToken)).Select(hold => HoldView.Of(hold, now))]));
    }

    private static async Task<Results<Ok<HoldView>, ProblemHttpResult>> GetAsync(
        Guid hold, ClaimsPrincipal admin, HoldStore holds, TimeProvider clock, CancellationToken cancellationToken) =>
        await holds.FindAsync(admin.AccountId(), hold, cancellationToken) is { } found ? TypedResults.Ok(HoldView.Of(found, clock.GetUtcNow())) : NoHold(hold);

    /// <summary>What is released already stays as it is.</summary>
    private static async Task<Results<Ok<HoldView>, ProblemHttpResult>> ReleaseAsync(
        Guid hold, ClaimsPrincipal admin, HoldStore holds, WorkSignal signal, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await holds.ReleaseAsync(admin.AccountId(), hold, admin.Actor(), cancellationToken)) signal.Raise();
        return await GetAsync(hold, admin, holds, clock, cancellationToken);
    }

    private static ProblemHttpResult NoHold(Guid hold) =>
        AdminProblem.NotFound($"This account has no hold {hold}. GET /api/v1/licenses/holds lists them.", "noHold");
}

/// <param name="Id">Of the directory's alert.</param>
/// <param name="State"><c>open</c>, <c>released</c> or <c>expired</c>.</param>
/// <param name="Deactivated">Users that the directory let go within the hour before the alert, of <paramref name="Users"/>.</param>
/// <param name="Seats">Seats that it keeps back now.</param>
/// <param name="TakenBack">Seats that users who had waited got before the alert came, and that were taken back from them: the reason
/// <c>alert</c> in the history. They wait again where they stood.</param>
internal sealed record HoldView(
    Guid Id, string State, Guid DirectoryId, string? DirectoryName, DateTimeOffset AlertAt, long Deactivated, long Users, long Seats, DateTimeOffset ExpiresAt,
    DateTimeOffset? ReleasedAt, Actor? ReleasedBy, long TakenBack)
{
    internal static HoldView Of(Hold hold, DateTimeOffset now) => new(
        hold.Id, hold.ReleasedAt is not null ? "released" : hold.ExpiresAt <= now ? "expired" : "open", hold.DirectoryId, hold.DirectoryName, hold.AlertAt,
        hold.Deactivated, hold.Users, hold.Seats, hold.ExpiresAt, hold.ReleasedAt, hold.ReleasedBy, hold.TakenBack);
}

/// <param name="Items">The latest first.</param>
internal sealed record HoldList(IReadOnlyList<HoldView> Items);
