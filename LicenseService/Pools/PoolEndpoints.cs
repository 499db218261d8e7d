using System.Security.Claims;
using LicenseService.Admin;
using LicenseService.Storage;
using LicenseService.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.OpenApi;

namespace LicenseService.Pools;

/// <summary><c>/api/v1/licenses/pools</c></summary>
internal static class PoolEndpoints
{
    internal static void MapPools(this RouteGroupBuilder licenses)
    {
        licenses.MapGet("/pools", ListAsync).WithSummary("The account's license pools");
        licenses.MapGet("/pools/{pool:guid}", GetAsync).WithSummary("One pool, with its seats: bought, used, free, kept back, and how many wait");
        licenses.MapGet("/pools/{pool:guid}/history", HistoryAsync).WithSummary("How the pool's seats came and went");
        licenses.MapPost("/pools/{pool:guid}/preview", PreviewAsync).WithSummary("Who would lose a seat if the pool had fewer; changes nothing, so that readers may ask");
        licenses.MapPost("/pools", CreateAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Makes the pool of a product").WithReasons("poolExists");
        licenses.MapPut("/pools/{pool:guid}", ResizeAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Changes the number of seats").WithReasons("seatsInUse", "chosenDoNotFit", "poolBusy");
    }

    internal static ProblemHttpResult NoPool(Guid pool) =>
        AdminProblem.NotFound($"This account has no license pool {pool}. GET /api/v1/licenses/pools lists its pools.", "noPool");

    private static async Task<Ok<PoolList>> ListAsync(ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken) =>
        TypedResults.Ok(new PoolList([.. (await pools.ListAsync(admin.AccountId(), cancellationToken)).Select(PoolView.Of)]));

    private static async Task<Results<Ok<PoolView>, ProblemHttpResult>> GetAsync(
        Guid pool, ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken) =>
        await pools.FindAsync(admin.AccountId(), pool, cancellationToken) is { } found
            ? TypedResults.Ok(PoolView.Of(found))
            : NoPool(pool);

    private static async Task<Results<Ok<PoolEventList>, ProblemHttpResult>> HistoryAsync(
        Guid pool, DateTimeOffset? before, int? limit, ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken)
    {
        var page = PageSizes.Of(limit);
        if (page.Refusal is { } refusal) return refusal;
        var account = admin.AccountId();
        if (await pools.FindAsync(account, pool, cancellationToken) is null) return NoPool(pool);
        return TypedResults.Ok(new PoolEventList(
            [.. (await pools.ListHistoryAsync(account, pool, before, page.Size, cancellationToken)).Select(PoolEventView.Of)]));
    }

    private static async Task<Results<Created<PoolView>, ProblemHttpResult>> CreateAsync(
        NewPool body, ClaimsPrincipal admin, PoolStore pools, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var product = Products.Find(body.Product!.Trim())!;
        return await pools.CreateAsync(admin.AccountId(), product, body.Seats!.Value, admin.Actor(), cancellationToken) is { } created
            ? TypedResults.Created($"/api/v1/licenses/pools/{created.Pool.Id}", PoolView.Of(created))
            : AdminProblem.Conflict($"This account has a pool of {product} already. Change its number of seats instead.", "poolExists");
    }

    private static async Task<Results<Ok<PoolPreview>, ProblemHttpResult>> PreviewAsync(
        Guid pool, PoolSize body, ClaimsPrincipal admin, PoolResize resizing, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var choice = body.Losers?.Choice ?? new LoserChoice(ShrinkStrategy.NewestFirst, []);
        return await resizing.PreviewAsync(admin.AccountId(), pool, body.Seats!.Value, choice, cancellationToken) is { } preview
            ? TypedResults.Ok(PoolPreview.Of(body.Seats.Value, preview))
            : NoPool(pool);
    }

    private static async Task<Results<Ok<PoolView>, ProblemHttpResult>> ResizeAsync(
        Guid pool, PoolSize body, ClaimsPrincipal admin, PoolResize resizing, PoolStore pools, WorkSignal signal, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var outcome = await resizing.ResizeAsync(admin.AccountId(), pool, body.Seats!.Value, body.Losers?.Choice, admin.Actor(), cancellationToken);
        switch (outcome)
        {
            case ResizeOutcome.Resized:
                signal.Raise();
                return TypedResults.Ok(PoolView.Of((await pools.FindAsync(admin.AccountId(), pool, cancellationToken))!));
            case ResizeOutcome.NoSuchPool:
                return NoPool(pool);
            case ResizeOutcome.InUse inUse:
                return AdminProblem.Conflict(
                    $"{inUse.Used} seats are in use, so the pool cannot shrink to {body.Seats} unless {inUse.Used - body.Seats} users lose theirs. "
                    + $"Say who with 'losers' ({EnumNames.All<ShrinkStrategy>()}; POST …/preview shows whom it would be), take licenses back first, or choose at least {inUse.Used}.",
                    "seatsInUse");
            case ResizeOutcome.ChosenDoNotFit unfit:
                return AdminProblem.Conflict(
                    $"Name exactly {unfit.Missing} users who hold a license of this pool; {unfit.Holders} of those named do.", "chosenDoNotFit");
            case ResizeOutcome.Busy:
                return AdminProblem.Conflict("Seats of this pool come and go at this moment, so who loses could not be settled. Try again.", "poolBusy");
            default:
                throw new InvalidOperationException($"Outcome {outcome.GetType().Name} has no answer.");
        }
    }
}
