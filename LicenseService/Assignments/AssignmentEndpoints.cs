using System.Security.Claims;
using Contracts.State.V1;
using LicenseService.Admin;
using LicenseService.Pools;
using LicenseService.Storage;
using LicenseService.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.OpenApi;

namespace LicenseService.Assignments;

/// <summary><c>/api/v1/licenses/pools/{pool}/assignments</c></summary>
internal static class AssignmentEndpoints
{
    internal static void MapAssignments(this RouteGroupBuilder licenses)
    {
        var assignments = licenses.MapGroup("/pools/{pool:guid}/assignments");
        assignments.MapGet("", ListAsync).WithSummary("Who holds a license of the pool");
        assignments.MapGet("/{user:guid}", GetAsync).WithSummary("One user's license of the pool");
        assignments.MapPost("/{user:guid}", AssignAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Gives the user a license of the pool").WithReasons(Enum.GetValues<Refusal>().Select(refusal => refusal.Word()));
        assignments.MapDelete("/{user:guid}", UnassignAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Takes the license back").WithReasons("heldByRule");
    }

    private static async Task<Results<Ok<GrantPage>, ProblemHttpResult>> ListAsync(
        Guid pool, Guid? after, int? limit, ClaimsPrincipal admin, PoolStore pools, GrantStore grants, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit);
        if (page.Refusal is { } refusal) return refusal;
        var account = admin.AccountId();
        if (await pools.FindAsync(account, pool, cancellationToken) is null) return PoolEndpoints.NoPool(pool);
        // One row more than requested shows whether there is a next page.
        var found = await grants.ListAsync(account, pool, after, page.Size + 1, cancellationToken);
        Guid? next = found.Count > page.Size ? found[page.Size - 1].UserId : null;
        return TypedResults.Ok(new GrantPage([.. found.Take(page.Size).Select(GrantView.Of)], next));
    }

    private static async Task<Results<Ok<GrantView>, ProblemHttpResult>> GetAsync(
        Guid pool, Guid user, HttpContext http, ClaimsPrincipal admin, GrantStore grants, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        await catchUp.EnsureUserIsCurrentAsync(http, user, cancellationToken);
        return await grants.FindAsync(admin.AccountId(), pool, user, cancellationToken) is { } grant
            ? TypedResults.Ok(GrantView.Of(grant))
            : NoGrant(pool, user);
    }

    /// <summary>
    /// Gives the user a license of the pool. A user who cannot have one as far as is known here is asked for in the directory
    /// first: what was changed there a moment ago counts. A 409 with <c>Retry-After</c> is not final: the directory could not be
    /// asked, and nothing was recorded.
    /// </summary>
    private static async Task<Results<Created<GrantView>, Ok<GrantView>, ProblemHttpResult>> AssignAsync(
        Guid pool, Guid user, HttpContext http, ClaimsPrincipal admin, SeatAssignment assigning, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        var (outcome, final) = await catchUp.DecideAsync(
            http,
            new StateQuery { Users = [user] },
            (final, cancellation) => assigning.AssignAsync(admin.AccountId(), pool, user, admin.Actor(), final, cancellation),
            outcome => outcome is not AssignmentOutcome.Refused { RestsOnFacts: true },
            cancellationToken);
        switch (outcome)
        {
            case AssignmentOutcome.Granted granted:
                return TypedResults.Created($"/api/v1/licenses/pools/{pool}/assignments/{user}", GrantView.Of(granted.Grant));
            case AssignmentOutcome.AlreadyAssigned held:
                return TypedResults.Ok(GrantView.Of(held.Grant));
            case AssignmentOutcome.NoSuchPool:
                return PoolEndpoints.NoPool(pool);
            case AssignmentOutcome.Refused refused:
                return ProvisionalRefusal.UnlessFinal(final, http, AdminProblem.Conflict(Explain(refused, user), refused.Reason.Word()));
            default:
                throw new InvalidOperationException($"Outcome {outcome.GetType().Name} has no answer.");
        }
    }

    /// <summary>204: the seat is free. 200: the admin's reason is gone, and rules go on giving the seat.</summary>
    private static async Task<Results<NoContent, Ok<GrantView>, ProblemHttpResult>> UnassignAsync(
        Guid pool, Guid user, ClaimsPrincipal admin, SeatAssignment assigning, GrantStore grants, WorkSignal signal, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        switch (await assigning.UnassignAsync(account, pool, user, admin.Actor(), cancellationToken))
        {
            case UnassignOutcome.Freed:
                signal.Raise();
                return TypedResults.NoContent();
            case UnassignOutcome.KeptByRule:
                return await grants.FindAsync(account, pool, user, cancellationToken) is { } kept ? TypedResults.Ok(GrantView.Of(kept)) : TypedResults.NoContent();
            case UnassignOutcome.HeldByRule:
                return AdminProblem.Conflict(
                    $"A rule gives this license, so taking it back would not last. GET /api/v1/licenses/users/{user} names the rules: take the user out of the group, or change the rules.",
                    "heldByRule");
            case UnassignOutcome.NoGrant:
            default:
                return NoGrant(pool, user);
        }
    }

    private static ProblemHttpResult NoGrant(Guid pool, Guid user) =>
        AdminProblem.NotFound($"User {user} holds no license of pool {pool} in this account.", "noGrant");

    private static string Explain(AssignmentOutcome.Refused refused, Guid user) => refused.Reason switch
    {
        Refusal.UnknownUser =>
            $"This account has no user {user}. Take the id (not the SCIM id) from GET /api/v1/users.",
        Refusal.NotActive => "The user is not active. Enable it in its directory or in the console, then assign the license.",
        Refusal.NoEmail => "The user has no email address, and a license needs one. Add it in the user's directory, then assign the license.",
        Refusal.PoolFull => $"All {refused.Pool.Seats} seats are in use. Take a license back, or raise the number of seats.",
        Refusal.SeatsHeld =>
            $"{refused.Pool.Free} seats are free, and all of them are kept back since a directory let go of many users at once. "
            + "Look at GET /api/v1/licenses/holds and release the hold (POST …/release), or wait until it expires.",
    };
}
