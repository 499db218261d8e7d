using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;

namespace PolicyService.Members;

/// <summary>
/// <c>POST /api/v1/policies/evaluate</c>: which policies apply to a user and why, and why the others do not. It changes
/// nothing, so every role may call it.
/// </summary>
internal static class EvaluationEndpoints
{
    internal static void MapEvaluation(this RouteGroupBuilder api) => api.MapPost("/policies/evaluate", EvaluateAsync).WithSummary("Which policies apply to a user, and why; why the others do not");

    private static async Task<Results<Ok<EvaluationView>, ProblemHttpResult>> EvaluateAsync(
        EvaluationBody body, HttpContext http, ClaimsPrincipal admin, PolicyEvaluator evaluations, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        if (body.UserId is not { } user)
            return AdminProblem.Invalid("'userId' is missing. Take the id (not the SCIM id) from GET /api/v1/users.");
        var upToDate = await catchUp.EnsureUserIsCurrentAsync(http, user, cancellationToken);
        return await evaluations.EvaluateAsync(admin.AccountId(), user, cancellationToken) is { } found
            ? TypedResults.Ok(new EvaluationView(user, found.Status, [.. found.Policies.Select(Evaluation.Of)], upToDate))
            : MembershipEndpoints.NoUser(http, user, upToDate);
    }
}
