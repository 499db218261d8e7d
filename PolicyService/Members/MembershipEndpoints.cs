using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;

namespace PolicyService.Members;

/// <summary><c>/api/v1/policies/{policy}/members</c> and <c>/api/v1/users/{user}/policies</c></summary>
internal static class MembershipEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;

    internal static void MapMembership(this RouteGroupBuilder api)
    {
        api.MapGet("/policies/{policy:guid}/members", MembersAsync).WithSummary("Who is under the policy");
        api.MapGet("/users/{user:guid}/policies", PoliciesAsync).WithSummary("The policies that a user is under");
    }

    private static async Task<Results<Ok<MemberPage>, ProblemHttpResult>> MembersAsync(
        Guid policy, Guid? after, int? limit, ClaimsPrincipal admin, PolicyStore policies, PolicyMembers membership,
        CancellationToken cancellationToken)
    {
        var page = PageLimit.Of(limit, MaxLimit, DefaultLimit);
        if (page.Refusal is { } refusal) return refusal;
        var account = admin.AccountId();
        var found = await membership.ListAsync(account, policy, after, page.Size, cancellationToken);
        if (found.Members is [] && await policies.FindAsync(account, policy, cancellationToken) is null) return PolicyEndpoints.NoPolicy(policy);
        return TypedResults.Ok(new MemberPage(found.Members, found.Next));
    }

    private static async Task<Results<Ok<AppliedPolicyList>, ProblemHttpResult>> PoliciesAsync(
        Guid user, HttpContext http, ClaimsPrincipal admin, PolicyEvaluator evaluations, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        var upToDate = await catchUp.EnsureUserIsCurrentAsync(http, user, cancellationToken);
        return await evaluations.ListAppliedAsync(admin.AccountId(), user, cancellationToken) is { } policies
            ? TypedResults.Ok(new AppliedPolicyList(policies, upToDate))
            : NoUser(http, user, upToDate);
    }

    internal static ProblemHttpResult NoUser(HttpContext http, Guid user, bool final) => ProvisionalRefusal.UnlessFinal(
        final, http, AdminProblem.NotFound($"This account has no user {user}. Take the id (not the SCIM id) from GET /api/v1/users.", "noSuchUser"));
}
