using System.Globalization;
using System.Security.Claims;
using LicenseService.Seats;
using LicenseService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.OpenApi;

namespace LicenseService.Admin;

/// <summary><c>/api/v1/licenses/pools/{pool}/assignments</c></summary>
internal static class AssignmentEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    internal static void MapAssignments(this RouteGroupBuilder licenses)
    {
        var assignments = licenses.MapGroup("/pools/{pool:guid}/assignments");
        assignments.MapGet("", ListAsync).WithSummary("Who holds a license of the pool");
        assignments.MapGet("/{user:guid}", GetAsync).WithSummary("One user's license of the pool");
        assignments.MapPost("/{user:guid}", AssignAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Gives the user a license of the pool").WithReasons(Enum.GetValues<Refusal>().Select(refusal => refusal.Word()));
        assignments.MapDelete("/{user:guid}", UnassignAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Takes the license back");
    }

    private static async Task<Results<Ok<GrantPage>, ProblemHttpResult>> ListAsync(
        Guid pool, Guid? after, int? limit, ClaimsPrincipal admin, PoolStore pools, GrantStore grants, CancellationToken cancellationToken)
    {
        var size = limit ?? DefaultLimit;
        if (size is < 1 or > MaxLimit) return AdminProblem.Invalid($"'limit' must be from 1 to {MaxLimit}.");
        var account = admin.AccountId();
        if (await pools.FindAsync(account, pool, cancellationToken) is null) return PoolEndpoints.NoPool(pool);
        // One more than asked for tells whether there is a next page.
        var found = await grants.PageAsync(account, pool, after, size + 1, cancellationToken);
        Guid? next = found.Count > size ? found[size - 1].UserId : null;
        return TypedResults.Ok(new GrantPage([.. found.Take(size).Select(GrantView.Of)], next));
    }

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> GetAsync(
        Guid pool, Guid user, ClaimsPrincipal admin, GrantStore grants, CancellationToken cancellationToken) =>
        await grants.FindAsync(admin.AccountId(), pool, user, cancellationToken) is { } grant
            ? TypedResults.Ok(GrantView.Of(grant))
            : NoGrant(pool, user);

    private static async Task<Results<Created<GrantView>, Ok<GrantView>, ProblemHttpResult>> AssignAsync(
        Guid pool, Guid user, ClaimsPrincipal admin, Assigning assigning, FactArrivals arrivals, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var outcome = await arrivals.AwaitAsync(
            [user],
            cancellation => assigning.AssignAsync(admin.AccountId(), pool, user, admin.Actor(), cancellation),
            outcome => outcome is not AssignmentOutcome.Refused { Reason: Refusal.UnknownUser },
            cancellationToken);
        switch (outcome)
        {
            case AssignmentOutcome.Granted granted:
                return TypedResults.Created($"/api/v1/licenses/pools/{pool}/assignments/{user}", GrantView.Of(granted.Grant));
            case AssignmentOutcome.Held held:
                return TypedResults.Ok(GrantView.Of(held.Grant));
            case AssignmentOutcome.NoSuchPool:
                return PoolEndpoints.NoPool(pool);
            case AssignmentOutcome.Refused refused:
                if (refused.Reason == Refusal.UnknownUser)
                    response.Headers.RetryAfter = FactArrivals.Grace.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                return AdminProblem.Conflict(Explain(refused, user), refused.Reason.Word());
            default:
                throw new InvalidOperationException($"Outcome {outcome.GetType().Name} has no answer.");
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> UnassignAsync(
        Guid pool, Guid user, ClaimsPrincipal admin, GrantStore grants, CancellationToken cancellationToken) =>
        await grants.UnassignAsync(admin.AccountId(), pool, user, admin.Actor(), cancellationToken)
            ? TypedResults.NoContent()
            : NoGrant(pool, user);

    private static ProblemHttpResult NoGrant(Guid pool, Guid user) =>
        AdminProblem.NotFound($"User {user} holds no license of pool {pool} in this account.");

    private static string Explain(AssignmentOutcome.Refused refused, Guid user) => refused.Reason switch
    {
        Refusal.UnknownUser =>
            $"No user {user} is known here. If it was made a moment ago, try again; else take the id (not the SCIM id) from GET /api/v1/users.",
        Refusal.NotActive => "The user is not active. Enable it in its directory or in the console, then assign the license.",
        Refusal.NoEmail => "The user has no email address, and a license needs one. Add it in the user's directory, then assign the license.",
        Refusal.PoolFull => $"All {refused.Seats} seats are in use. Take a license back, or raise the number of seats.",
    };
}
