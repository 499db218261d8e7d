using System.Security.Claims;
using DirectoryService.Admin.UsersAndGroups;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;

namespace DirectoryService.Admin.Jobs;

/// <summary>
/// Actions on many users or groups at once: <c>POST /api/v1/users/bulk {action, ids}</c> (and <c>/groups/bulk</c>) answers
/// 202 with a job; <c>GET /api/v1/jobs/{id}</c> shows its progress, <c>GET /api/v1/jobs/{id}/items</c> what became of each.
/// </summary>
internal static class JobEndpoints
{
    private const int MaxItems = 10_000;

    internal sealed record Asked(string? Action, IReadOnlyList<Guid>? Ids);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/users/bulk", (Asked asked, ClaimsPrincipal admin, JobTable jobs, JobSignal signal, CancellationToken cancellationToken) =>
            CreateAsync("user", asked, admin, jobs, signal, cancellationToken))
            .RequireAuthorization(AccessPolicy.Write).WithSummary("Starts an action on many users");
        api.MapPost("/groups/bulk", (Asked asked, ClaimsPrincipal admin, JobTable jobs, JobSignal signal, CancellationToken cancellationToken) =>
            CreateAsync("group", asked, admin, jobs, signal, cancellationToken))
            .RequireAuthorization(AccessPolicy.Write).WithSummary("Starts an action on many groups");
        api.MapGet("/jobs/{id:guid}", GetAsync).WithSummary("How far a job is");
        api.MapGet("/jobs/{id:guid}/items", ItemsAsync).WithSummary("What became of each item of a job");
    }

    private static async Task<Results<Accepted<JobTable.Job>, ProblemHttpResult>> CreateAsync(
        string target, Asked asked, ClaimsPrincipal admin, JobTable jobs, JobSignal signal, CancellationToken cancellationToken)
    {
        if (asked.Action is null || ConsoleEndpoints.Action(asked.Action) is null)
            return AdminProblem.Invalid("\"action\" must be enable, disable, delete, restore or purge.");
        var ids = asked.Ids?.Distinct().ToArray() ?? [];
        if (ids.Length is 0 or > MaxItems)
            return AdminProblem.Invalid($"\"ids\" must hold 1 to {MaxItems} internal ids; send several requests for more.");
        var job = await jobs.CreateAsync(admin.AccountId(), target, asked.Action, ids, admin.TracedActor(), cancellationToken);
        signal.Set();
        return TypedResults.Accepted($"/api/v1/jobs/{job.Id}", job);
    }

    private static async Task<Results<Ok<JobTable.Job>, ProblemHttpResult>> GetAsync(
        Guid id, ClaimsPrincipal admin, JobTable jobs, CancellationToken cancellationToken) =>
        await jobs.FindAsync(admin.AccountId(), id, cancellationToken) is { } job ? TypedResults.Ok(job) : NoSuch(id);

    private static async Task<Results<Ok<Items<JobTable.Item>>, ProblemHttpResult>> ItemsAsync(
        Guid id, string? outcome, int? limit, int? after, ClaimsPrincipal admin, JobTable jobs, CancellationToken cancellationToken)
    {
        var page = AdminQuery.Limit(limit);
        if (page.Refusal is { } refusal) return refusal;
        if (AdminQuery.InvalidWord("outcome", outcome, ["changed", "unchanged", "refused", "unknown"]) is { } unknown) return unknown;
        if (after < 0) return AdminProblem.Invalid("'after' must be the 'next' of the page before.");
        if (await jobs.FindAsync(admin.AccountId(), id, cancellationToken) is null) return NoSuch(id);
        var items = await jobs.ItemsAsync(id, outcome, after ?? 0, page.Size, cancellationToken);
        var next = items.Count == page.Size ? items[^1].N.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new Items<JobTable.Item>(items, next));
    }

    private static ProblemHttpResult NoSuch(Guid id) => AdminProblem.NotFound($"There is no job {id} in this account.");
}
