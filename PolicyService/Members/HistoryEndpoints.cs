using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;

namespace PolicyService.Members;

/// <summary>
/// <c>GET /api/v1/policies/users/{user}/history</c>: when a policy began to apply to a user and when it ceased to, newest
/// first; <c>limit</c> 1 to 200, <c>before</c> the time of the last one.
/// </summary>
internal static class HistoryEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    internal static void MapHistory(this RouteGroupBuilder api) => api.MapGet("/policies/users/{user:guid}/history", OfUserAsync).WithSummary("How a user came under policies and out of them");

    private static async Task<Results<Ok<MembershipEventList>, ProblemHttpResult>> OfUserAsync(
        Guid user, DateTimeOffset? before, int? limit, HttpContext http, ClaimsPrincipal admin, MembershipHistory history, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        var page = PageLimit.Of(limit, MaxLimit, DefaultLimit);
        if (page.Refusal is { } refusal) return refusal;
        // Entries after the first page are older than any change that may not have arrived yet.
        var upToDate = before is not null || await catchUp.EnsureUserIsCurrentAsync(http, user, cancellationToken);
        return TypedResults.Ok(new MembershipEventList(await history.ListByUserAsync(admin.AccountId(), user, before, page.Size, cancellationToken), upToDate));
    }
}
