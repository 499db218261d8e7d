using System.Security.Claims;
using DirectoryService.Lifecycle;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.OpenApi;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary><c>POST /api/v1/users/{id}/{action}</c> and the same for groups; internal ids.</summary>
internal static class ConsoleEndpoints
{
    internal sealed record Done(Guid Id, string Status, bool Changed);

    internal static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/users/{id:guid}/{action}", UserAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Enables, disables, deletes, restores or purges a user").WithReasons("notAllowed");
        // The pattern excludes "members", so that an invalid request to /members is not taken for an action of that name.
        api.MapPost("/groups/{id:guid}/{action:regex(^(?!members$))}", GroupAsync).RequireAuthorization(AccessPolicy.Write)
            .WithSummary("Enables, disables, deletes, restores or purges a group").WithReasons("notAllowed");
    }

    private static async Task<Results<Ok<Done>, ProblemHttpResult>> UserAsync(
        Guid id, string action, ClaimsPrincipal admin, ConsoleActionWrites writes, CancellationToken cancellationToken) =>
        Action(action) is { } known
            ? Answer(id, "user", await writes.UserAsync(admin.AccountId(), id, known, admin.TracedActor(), cancellationToken))
            : Unknown(action);

    private static async Task<Results<Ok<Done>, ProblemHttpResult>> GroupAsync(
        Guid id, string action, ClaimsPrincipal admin, ConsoleActionWrites writes, CancellationToken cancellationToken) =>
        Action(action) is { } known
            ? Answer(id, "group", await writes.GroupAsync(admin.AccountId(), id, known, admin.TracedActor(), cancellationToken))
            : Unknown(action);

    private static Results<Ok<Done>, ProblemHttpResult> Answer(Guid id, string what, ConsoleActionWrites.Outcome outcome) => outcome switch
    {
        { Refusal: { } why } => AdminProblem.Conflict(why, "notAllowed"),
        { Status: { } status } => TypedResults.Ok(new Done(id, status, outcome.Changed)),
        _ => AdminProblem.NotFound($"There is no {what} {id} in this account."),
    };

    /// <summary>The action with this name in the API; null when there is none.</summary>
    internal static ConsoleAction? Action(string name) => name switch
    {
        "enable" => ConsoleAction.Enable,
        "disable" => ConsoleAction.Disable,
        "delete" => ConsoleAction.Delete,
        "restore" => ConsoleAction.Restore,
        "purge" => ConsoleAction.Purge,
        _ => null,
    };

    internal static ProblemHttpResult Unknown(string action) =>
        AdminProblem.NotFound($"There is no action '{action}': enable, disable, delete, restore and purge are.");
}
