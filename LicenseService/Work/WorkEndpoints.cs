using System.Security.Claims;
using LicenseService.Admin;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace LicenseService.Work;

/// <summary><c>/api/v1/licenses/work</c>: progress of the re-evaluations that a change of a rule or a group started.</summary>
internal static class WorkEndpoints
{
    internal static void MapWork(this RouteGroupBuilder licenses)
    {
        licenses.MapGet("/work", ListAsync).WithSummary("How far the work on many users is");
        licenses.MapGet("/work/{work:guid}", GetAsync).WithSummary("How far one piece of work is");
    }

    private static async Task<Results<Ok<WorkList>, ProblemHttpResult>> ListAsync(
        int? limit, ClaimsPrincipal admin, WorkStore work, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit);
        if (page.Refusal is { } refusal) return refusal;
        return TypedResults.Ok(new WorkList([.. (await work.ListAsync(admin.AccountId(), page.Size, cancellationToken)).Select(WorkView.Of)]));
    }

    private static async Task<Results<Ok<WorkView>, ProblemHttpResult>> GetAsync(
        Guid work, ClaimsPrincipal admin, WorkStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(admin.AccountId(), work, cancellationToken) is { } item
            ? TypedResults.Ok(WorkView.Of(item))
            : AdminProblem.NotFound($"This account has no work {work}; what was done is forgotten after a week. GET /api/v1/licenses/work lists it.", "noWork");
}
