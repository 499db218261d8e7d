using System.Security.Claims;
using LicenseService.Admin;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace LicenseService.Assignments;

/// <summary>
/// <c>GET /api/v1/licenses/users/{user}/history</c>: the seats that a user was given and that were freed, newest first; <c>limit</c> 1 to 200,
/// <c>before</c> the time of the last one. Empty for a user who never held one.
/// </summary>
internal static class HistoryEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    internal static void MapHistory(this RouteGroupBuilder licenses) => licenses.MapGet("/users/{user:guid}/history", OfUserAsync).WithSummary("How a user's seats came and went");

    private static async Task<Results<Ok<GrantEventList>, ProblemHttpResult>> OfUserAsync(
        Guid user, DateTimeOffset? before, int? limit, ClaimsPrincipal admin, GrantHistory history, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit, MaxLimit, DefaultLimit);
        if (page.Refusal is { } refusal) return refusal;
        return TypedResults.Ok(new GrantEventList(await history.ListByUserAsync(admin.AccountId(), user, before, page.Size, cancellationToken)));
    }
}
