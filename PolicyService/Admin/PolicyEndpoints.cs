using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using PolicyService.Storage;
using ServiceDefaults.Access;
using ServiceDefaults.Messaging;
using ServiceDefaults.OpenApi;

namespace PolicyService.Admin;

/// <summary><c>/api/v1/policies</c></summary>
internal static class PolicyEndpoints
{
    private const int NamedInErrors = 10;

    internal static void MapPolicies(this RouteGroupBuilder api)
    {
        var policies = api.MapGroup("/policies");
        policies.MapGet("", ListAsync).WithSummary("The account's policies");
        policies.MapGet("/{policy:guid}", GetAsync).WithSummary("One policy");
        policies.MapPost("", CreateAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Makes a policy").WithReasons("nameTaken");
        policies.MapPut("/{policy:guid}", UpdateAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Replaces a policy").WithReasons("nameTaken");
        policies.MapDelete("/{policy:guid}", DeleteAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Deletes a policy");
    }

    internal static ProblemHttpResult NoPolicy(Guid policy) =>
        AdminProblem.NotFound($"This account has no policy {policy}. GET /api/v1/policies lists its policies.");

    private static async Task<Ok<PolicyList>> ListAsync(ClaimsPrincipal admin, PolicyStore policies, CancellationToken cancellationToken) =>
        TypedResults.Ok(new PolicyList([.. (await policies.ListAsync(admin.AccountId(), cancellationToken)).Select(PolicyView.Of)]));

    private static async Task<Results<Ok<PolicyView>, ProblemHttpResult>> GetAsync(
        Guid policy, ClaimsPrincipal admin, PolicyStore policies, CancellationToken cancellationToken) =>
        await policies.FindAsync(admin.AccountId(), policy, cancellationToken) is { } found
            ? TypedResults.Ok(PolicyView.Of(found))
            : NoPolicy(policy);

    private static async Task<Results<Created<PolicyView>, ProblemHttpResult>> CreateAsync(
        PolicyBody body, ClaimsPrincipal admin, PolicyStore policies, FactArrivals arrivals, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        var (draft, error) = PolicyDraft.Check(body.Name, body.GroupIds, body.Enabled, body.Order);
        if (draft is null) return AdminProblem.Invalid(error!);
        if (await MissingGroupsAsync(account, draft, policies, arrivals, cancellationToken) is { } missing) return missing;
        if (await policies.CreateAsync(account, draft, cancellationToken) is not { } id) return NameTaken(draft);
        return await policies.FindAsync(account, id, cancellationToken) is { } made
            ? TypedResults.Created($"/api/v1/policies/{id}", PolicyView.Of(made))
            : NoPolicy(id); // deleted by somebody else in this moment
    }

    private static async Task<Results<Ok<PolicyView>, ProblemHttpResult>> UpdateAsync(
        Guid policy, PolicyBody body, ClaimsPrincipal admin, PolicyStore policies, FactArrivals arrivals, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        var (draft, error) = PolicyDraft.Check(body.Name, body.GroupIds, body.Enabled, body.Order);
        if (draft is null) return AdminProblem.Invalid(error!);
        if (await policies.FindAsync(account, policy, cancellationToken) is null) return NoPolicy(policy);
        if (await MissingGroupsAsync(account, draft, policies, arrivals, cancellationToken) is { } missing) return missing;
        return await policies.UpdateAsync(account, policy, draft, cancellationToken) switch
        {
            UpdateOutcome.NameTaken => NameTaken(draft),
            UpdateOutcome.NoSuchPolicy => NoPolicy(policy),
            UpdateOutcome.Updated => await GetAsync(policy, admin, policies, cancellationToken),
        };
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid policy, ClaimsPrincipal admin, PolicyStore policies, CancellationToken cancellationToken) =>
        await policies.DeleteAsync(admin.AccountId(), policy, cancellationToken) ? TypedResults.NoContent() : NoPolicy(policy);

    /// <summary>A group that was made a moment ago is waited for; an id that stays unknown is most likely a mistake.</summary>
    private static async Task<ProblemHttpResult?> MissingGroupsAsync(
        Guid account, PolicyDraft draft, PolicyStore policies, FactArrivals arrivals, CancellationToken cancellationToken)
    {
        var unknown = await arrivals.AwaitAsync(
            draft.GroupIds,
            cancellation => policies.UnknownGroupsAsync(account, draft.GroupIds, cancellation),
            unknown => unknown is [],
            cancellationToken);
        return unknown is []
            ? null
            : AdminProblem.Invalid(
                $"This account has no group {string.Join(", ", unknown.Take(NamedInErrors))}"
                + (unknown.Count > NamedInErrors ? $" and {unknown.Count - NamedInErrors} more" : "")
                + ". Take ids (not SCIM ids) from GET /api/v1/groups.");
    }

    private static ProblemHttpResult NameTaken(PolicyDraft draft) =>
        AdminProblem.Conflict($"This account has a policy named '{draft.Name}' already (case does not count). Choose another name.", "nameTaken");
}
