using System.Security.Claims;
using Contracts.State.V1;
using LicenseService.Pools;
using LicenseService.Storage;
using LicenseService.Work;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.OpenApi;

namespace LicenseService.Rules;

/// <summary><c>/api/v1/licenses/pools/{pool}/rules</c></summary>
internal static class RuleEndpoints
{
    internal static void MapRules(this RouteGroupBuilder licenses)
    {
        var rules = licenses.MapGroup("/pools/{pool:guid}/rules");
        rules.MapGet("", ListAsync).WithSummary("The pool's rules, in their order");
        rules.MapGet("/{rule:guid}", GetAsync).WithSummary("One rule");
        rules.MapPost("", CreateAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Gives seats to a group, or to all users of a kind").WithReasons("unknownGroup", "ruleExists");
        rules.MapPost("/preview", PreviewAsync)
            .WithSummary("What such a rule would lead to; changes nothing, so that readers may ask").WithReasons("unknownGroup", "ruleExists");
        rules.MapGet("/{rule:guid}/preview", PreviewEndAsync).WithSummary("Who would lose a seat if the rule were deleted");
        rules.MapPut("/{rule:guid}", MoveAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Changes the rule's place in the order");
        rules.MapDelete("/{rule:guid}", DeleteAsync).RequireAuthorization(AccessPolicy.Write).WithSummary("Ends the rule; seats that it alone gave are freed");
    }

    private static async Task<Results<Ok<RuleList>, ProblemHttpResult>> ListAsync(
        Guid pool, ClaimsPrincipal admin, PoolStore pools, RuleStore rules, CancellationToken cancellationToken)
    {
        var account = admin.AccountId();
        if (await pools.FindAsync(account, pool, cancellationToken) is null) return PoolEndpoints.NoPool(pool);
        return TypedResults.Ok(new RuleList([.. (await rules.ListAsync(account, pool, cancellationToken)).Select(rule => RuleView.Of(rule))]));
    }

    private static async Task<Results<Ok<RuleView>, ProblemHttpResult>> GetAsync(
        Guid pool, Guid rule, ClaimsPrincipal admin, RuleStore rules, CancellationToken cancellationToken) =>
        await rules.FindAsync(admin.AccountId(), pool, rule, cancellationToken) is { } found ? TypedResults.Ok(RuleView.Of(found)) : NoRule(pool, rule);

    private static async Task<Results<Created<RuleView>, ProblemHttpResult>> CreateAsync(
        Guid pool, NewRule body, ClaimsPrincipal admin, RuleStore rules, ReadYourWrites catchUp, WorkSignal signal, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var account = admin.AccountId();
        var kind = EnumNames.Find<RuleKind>(body.Kind)!.Value;
        var (outcome, final) = await catchUp.DecideAsync(
            http,
            new StateQuery { Groups = body.GroupId is { } group ? [group] : [] },
            (_, cancellation) => rules.CreateAsync(account, pool, kind, body.GroupId, body.Order, admin.Actor(), cancellation),
            outcome => outcome is not RuleOutcome.UnknownGroup,
            cancellationToken);
        if (outcome is RuleOutcome.Done done)
        {
            signal.Raise();
            var made = await rules.FindAsync(account, pool, done.Rule, cancellationToken);
            return made is null
                ? NoRule(pool, done.Rule) // another request deleted it meanwhile
                : TypedResults.Created($"/api/v1/licenses/pools/{pool}/rules/{done.Rule}", RuleView.Of(made, done.Work));
        }
        return ProvisionalRefusal.UnlessFinal(final, http, Refuse(outcome, pool, body.GroupId));
    }

    /// <summary>
    /// How many users would get a seat by such a rule, hold one already, would wait for one, or cannot have one, with the first of
    /// each; and how many seats would be free afterwards. What would be refused when the rule is made is refused here as well.
    /// </summary>
    private static async Task<Results<Ok<RulePreview>, ProblemHttpResult>> PreviewAsync(
        Guid pool, NewRule body, ClaimsPrincipal admin, RulePreviewQuery previews, ReadYourWrites catchUp, HttpContext http, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var kind = EnumNames.Find<RuleKind>(body.Kind)!.Value;
        var ((forecast, refused), final) = await catchUp.DecideAsync(
            http,
            new StateQuery { Groups = body.GroupId is { } group ? [group] : [] },
            (_, cancellation) => previews.OfNewRuleAsync(admin.AccountId(), pool, kind, body.GroupId, body.Order, cancellation),
            outcome => outcome.Refused is not RuleOutcome.UnknownGroup,
            cancellationToken);
        return forecast is null ? ProvisionalRefusal.UnlessFinal(final, http, Refuse(refused!, pool, body.GroupId)) : TypedResults.Ok(RulePreview.Of(body, forecast));
    }

    /// <summary>
    /// How many users would lose their seat, keep it for another reason, or no longer wait for one, with the first of each by id.
    /// (Another order of a rule takes no seat from anybody.)
    /// </summary>
    private static async Task<Results<Ok<RuleEndPreview>, ProblemHttpResult>> PreviewEndAsync(
        Guid pool, Guid rule, ClaimsPrincipal admin, RulePreviewQuery previews, CancellationToken cancellationToken) =>
        await previews.OfEndAsync(admin.AccountId(), pool, rule, cancellationToken) is { } end
            ? TypedResults.Ok(RuleEndPreview.Of(end.Rule, end.Forecast))
            : NoRule(pool, rule);

    private static async Task<Results<Ok<RuleView>, ProblemHttpResult>> MoveAsync(
        Guid pool, Guid rule, RuleOrder body, ClaimsPrincipal admin, RuleStore rules, WorkSignal signal, CancellationToken cancellationToken)
    {
        if (body.Error() is { } error) return AdminProblem.Invalid(error);
        var account = admin.AccountId();
        if (await rules.MoveAsync(account, pool, rule, body.Order!.Value, cancellationToken) is not RuleOutcome.Done done) return NoRule(pool, rule);
        signal.Raise();
        return await rules.FindAsync(account, pool, rule, cancellationToken) is { } moved ? TypedResults.Ok(RuleView.Of(moved, done.Work)) : NoRule(pool, rule);
    }

    /// <summary>202: the rule is gone; the seats that it alone gave are freed by the work that the answer names.</summary>
    private static async Task<Results<Accepted<WorkStarted>, ProblemHttpResult>> DeleteAsync(
        Guid pool, Guid rule, ClaimsPrincipal admin, RuleStore rules, WorkSignal signal, CancellationToken cancellationToken)
    {
        if (await rules.DeleteAsync(admin.AccountId(), pool, rule, cancellationToken) is not RuleOutcome.Done done) return NoRule(pool, rule);
        signal.Raise();
        return TypedResults.Accepted($"/api/v1/licenses/work/{done.Work}", new WorkStarted(done.Work));
    }

    private static ProblemHttpResult NoRule(Guid pool, Guid rule) =>
        AdminProblem.NotFound($"License pool {pool} of this account has no rule {rule}. GET /api/v1/licenses/pools/{pool}/rules lists its rules.", "noRule");

    private static ProblemHttpResult Refuse(RuleOutcome outcome, Guid pool, Guid? group) => outcome switch
    {
        RuleOutcome.UnknownGroup => AdminProblem.Conflict(
            $"This account has no group {group}. Take the id (not the SCIM id) from GET /api/v1/groups.", "unknownGroup"),
        RuleOutcome.Exists => AdminProblem.Conflict(
            "This pool has a rule for the same users already. Change its order, or delete it, instead of making another.", "ruleExists"),
        _ => PoolEndpoints.NoPool(pool),
    };
}
