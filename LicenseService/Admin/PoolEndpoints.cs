using System.Security.Claims;
using LicenseService.Seats;
using LicenseService.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.OpenApi;

namespace LicenseService.Admin;

/// <summary><c>/api/v1/licenses/pools</c></summary>
internal static class PoolEndpoints
{
    internal static void MapPools(this RouteGroupBuilder licenses)
    {
        licenses.MapGet("/pools", ListAsync).WithSummary("The account's license pools");
        licenses.MapGet("/pools/{pool:guid}", GetAsync).WithSummary("One pool, with its seats: bought, used, free");
        licenses.MapPost("/pools", CreateAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Makes the pool of a product").WithReasons("poolExists");
        licenses.MapPut("/pools/{pool:guid}", ResizeAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Changes the number of seats").WithReasons("seatsInUse");
    }

    internal static ProblemHttpResult NoPool(Guid pool) =>
        AdminProblem.NotFound($"This account has no license pool {pool}. GET /api/v1/licenses/pools lists its pools.");

    private static async Task<Ok<PoolList>> ListAsync(ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken) =>
        TypedResults.Ok(new PoolList([.. (await pools.ListAsync(admin.AccountId(), cancellationToken)).Select(PoolView.Of)]));

    private static async Task<Results<Ok<PoolView>, ProblemHttpResult>> GetAsync(
        Guid pool, ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken) =>
        await pools.FindAsync(admin.AccountId(), pool, cancellationToken) is { } found
            ? TypedResults.Ok(PoolView.Of(found))
            : NoPool(pool);

    private static async Task<Results<Created<PoolView>, ProblemHttpResult>> CreateAsync(
        NewPool body, ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var product = Products.Find(body.Product!.Trim())!;
        return await pools.CreateAsync(admin.AccountId(), product, body.Seats!.Value, cancellationToken) is { } created
            ? TypedResults.Created($"/api/v1/licenses/pools/{created.Id}", PoolView.Of(created))
            : AdminProblem.Conflict($"This account has a pool of {product} already. Change its number of seats instead.", "poolExists");
    }

    private static async Task<Results<Ok<PoolView>, ProblemHttpResult>> ResizeAsync(
        Guid pool, PoolSize body, ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var account = admin.AccountId();
        if (await pools.ResizeAsync(account, pool, body.Seats!.Value, cancellationToken) is { } resized)
            return TypedResults.Ok(PoolView.Of(resized));
        return await pools.FindAsync(account, pool, cancellationToken) is { } current
            ? AdminProblem.Conflict(
                $"{current.Used} seats are in use, so the pool cannot shrink to {body.Seats}. Take licenses back first, or choose at least {current.Used}.",
                "seatsInUse")
            : NoPool(pool);
    }
}
