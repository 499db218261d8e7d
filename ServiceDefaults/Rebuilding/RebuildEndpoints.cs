using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.OpenApi;

namespace ServiceDefaults.Rebuilding;

/// <summary>Endpoints of <c>…/rebuild</c>: rebuild the projections from the directory's state.</summary>
public static class RebuildEndpoints
{
    public static void MapRebuild(this RouteGroupBuilder service)
    {
        service.MapPost("/rebuild", BeginAsync).RequireAuthorization(AccessPolicy.Write).WithReasons("alreadyRunning")
            .WithSummary("Rebuild what is known of users, groups and memberships from the directory; reads and facts go on meanwhile");
        service.MapGet("/rebuild", GetAsync).WithSummary("How the latest rebuild stands, and what it found");
    }

    private static async Task<Results<Accepted<Rebuild>, ProblemHttpResult>> BeginAsync(
        ClaimsPrincipal admin, HttpContext http, Rebuilder rebuilder, DirectoryStateClient feed, NpgsqlDataSource database, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        var by = admin.Actor();
        if (!await rebuilder.TryBeginAsync(account, by.Name ?? by.Id, feed, http.AccessToken(), cancellationToken))
            return AdminProblem.Conflict("A rebuild of this account is running. GET the same address to see how far it is.", "alreadyRunning");
        var begun = await RebuildTable.FindAsync(database, account, clock.GetUtcNow(), cancellationToken);
        return TypedResults.Accepted(http.Request.Path.Value, begun!);
    }

    private static async Task<Results<Ok<Rebuild>, ProblemHttpResult>> GetAsync(
        ClaimsPrincipal admin, Rebuilder rebuilder, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        var found = await RebuildTable.FindAsync(database, account, clock.GetUtcNow(), cancellationToken);
        if (found is { State: RebuildState.Running })
        {
            await rebuilder.EndIfAbandonedAsync(account, cancellationToken);
            found = await RebuildTable.FindAsync(database, account, clock.GetUtcNow(), cancellationToken);
        }
        return found is null
            ? AdminProblem.NotFound("This account was never rebuilt. POST to the same address starts a rebuild.")
            : TypedResults.Ok(found);
    }
}
