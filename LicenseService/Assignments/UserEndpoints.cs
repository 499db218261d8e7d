using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;

namespace LicenseService.Assignments;

/// <summary>
/// <c>GET /api/v1/licenses/users/{user}</c>: the seats of a user with their reasons, the pools in which it waits, and why it
/// has no seat.
/// </summary>
internal static class UserEndpoints
{
    private const int Refusals = 20;

    internal static void MapUsers(this RouteGroupBuilder licenses) => licenses.MapGet("/users/{user:guid}", GetAsync)
        .WithSummary("What a user holds and why, what it waits for, and what stands in the way");

    private static async Task<Results<Ok<UserLicenses>, ProblemHttpResult>> GetAsync(
        Guid user, HttpContext http, ClaimsPrincipal admin, UserSeatQuery seats, RefusalStore refusals, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        var upToDate = await catchUp.EnsureUserIsCurrentAsync(http, user, cancellationToken);
        return await seats.FindAsync(account, user, cancellationToken) is { } standing
            ? TypedResults.Ok(UserLicenses.Of(standing, await refusals.ListByUserAsync(account, user, Refusals, cancellationToken), upToDate))
            : ProvisionalRefusal.UnlessFinal(upToDate, http, AdminProblem.NotFound($"This account has no user {user}. Take the id (not the SCIM id) from GET /api/v1/users.", "unknownUser"));
    }
}
