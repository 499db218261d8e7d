using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Storage;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.OpenApi;

namespace PolicyService.Policies;

/// <summary><c>/api/v1/policies</c></summary>
internal static class PolicyEndpoints
{
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
        AdminProblem.NotFound($"This account has no policy {policy}. GET /api/v1/policies lists its policies.", "noSuchPolicy");

    private static async Task<Ok<PolicyList>> ListAsync(ClaimsPrincipal admin, PolicyStore policies, CancellationToken cancellationToken) =>
        TypedResults.Ok(new PolicyList([.. (await policies.ListAsync(admin.AccountId(), cancellationToken)).Select(PolicyView.Of)]));

    private static async Task<Results<Ok<PolicyView>, ProblemHttpResult>> GetAsync(
        Guid policy, ClaimsPrincipal admin, PolicyStore policies, CancellationToken cancellationToken) =>
        await policies.FindAsync(admin.AccountId(), policy, cancellationToken) is { } found
            ? TypedResults.Ok(PolicyView.Of(found))
            : NoPolicy(policy);

    private static async Task<Results<Created<PolicyView>, ProblemHttpResult>> CreateAsync(
        PolicyBody body, ClaimsPrincipal admin, PolicyStore policies, PolicyWriter writer, HttpContext http, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        var (account, id) = (admin.AccountId(), Guid.NewGuid());
        var (draft, error) = PolicyDraft.Check(body, isNew: true);
        if (draft is null) return AdminProblem.Invalid(error!);
        if (await UnknownSubjectCheck.FindRefusalAsync(http, account, draft, policies, catchUp, cancellationToken) is { } missing) return missing;
        if (Refusal(await writer.CreateAsync(account, id, draft, cancellationToken), id, draft) is { } refusal) return refusal;
        return await policies.FindAsync(account, id, cancellationToken) is { } made
            ? TypedResults.Created($"/api/v1/policies/{id}", PolicyView.Of(made))
            : NoPolicy(id); // another request deleted it meanwhile
    }

    private static async Task<Results<Ok<PolicyView>, ProblemHttpResult>> UpdateAsync(
        Guid policy, PolicyBody body, ClaimsPrincipal admin, PolicyStore policies, PolicyWriter writer, HttpContext http, ReadYourWrites catchUp, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        var (draft, error) = PolicyDraft.Check(body);
        if (draft is null) return AdminProblem.Invalid(error!);
        if (await policies.FindAsync(account, policy, cancellationToken) is null) return NoPolicy(policy);
        if (await UnknownSubjectCheck.FindRefusalAsync(http, account, draft, policies, catchUp, cancellationToken) is { } missing) return missing;
        if (Refusal(await writer.UpdateAsync(account, policy, draft, cancellationToken), policy, draft) is { } refusal) return refusal;
        return await GetAsync(policy, admin, policies, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid policy, ClaimsPrincipal admin, PolicyWriter writer, CancellationToken cancellationToken) =>
        await writer.DeleteAsync(admin.AccountId(), policy, cancellationToken) is WriteOutcome.Done ? TypedResults.NoContent() : NoPolicy(policy);

    private static ProblemHttpResult? Refusal(WriteOutcome outcome, Guid policy, PolicyDraft draft) => outcome switch
    {
        WriteOutcome.NoSuchPolicy => NoPolicy(policy),
        WriteOutcome.NameTaken => AdminProblem.Conflict(
            $"This account has a policy named '{draft.Name}' already (case does not count). Choose another name.", "nameTaken"),
        WriteOutcome.ContradictoryTerm both => AdminProblem.Invalid(
            $"The policy would name the {both.Term.Subject.Word()} {both.Term.Id} and exclude it at once. Take it out of one of the two lists; a list that is left out stays as it is.",
            "namedAndExcluded"),
        _ => null,
    };
}
