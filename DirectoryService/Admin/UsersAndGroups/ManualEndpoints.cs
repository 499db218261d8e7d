using System.Security.Claims;
using DirectoryService.Protocol;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.OpenApi;

namespace DirectoryService.Admin.UsersAndGroups;

/// <summary>
/// Manual users and user-defined groups: <c>POST /api/v1/users</c>, <c>PUT /api/v1/users/{id}</c>, <c>POST /api/v1/groups</c>,
/// <c>PUT /api/v1/groups/{id}</c>, <c>POST /api/v1/groups/{id}/members</c>. They are deleted with the same actions as all others.
/// </summary>
internal static class ManualEndpoints
{
    private const int MaxMembers = 10_000;
    private const int NamedInErrors = 10;

    internal sealed record Made(Guid Id);
    internal sealed record AskedGroup(string? DisplayName);
    /// <summary>Internal ids of users; at least one in all.</summary>
    internal sealed record MemberChange(IReadOnlyList<Guid>? Add = null, IReadOnlyList<Guid>? Remove = null);

    internal static void Map(RouteGroupBuilder api)
    {
        var writes = api.MapGroup("").RequireAuthorization(AccessPolicy.Write);
        writes.MapPost("/users", CreateUserAsync).WithSummary("Makes a manual user").WithReasons("nameTaken");
        writes.MapPut("/users/{id:guid}", EditUserAsync).WithSummary("Changes a manual user").WithReasons("notManual", "removed", "nameTaken");
        writes.MapPost("/groups", CreateGroupAsync).WithSummary("Makes a user-defined group").WithReasons("nameTaken");
        writes.MapPut("/groups/{id:guid}", RenameGroupAsync).WithSummary("Renames a user-defined group").WithReasons("notUserDefined", "nameTaken");
        api.MapGet("/groups/{id:guid}/members", GroupMemberEndpoints.ListAsync).WithSummary("Who is in a group");
        writes.MapPost("/groups/{id:guid}/members", ChangeMembersAsync).WithSummary("Adds and removes members of a user-defined group").WithReasons("notUserDefined");
    }

    private static async Task<Results<Created<Made>, ProblemHttpResult>> CreateUserAsync(
        ManualUsers.Asked asked, ClaimsPrincipal admin, ManualUsers users, CancellationToken cancellationToken)
    {
        try
        {
            var made = await users.CreateAsync(admin.AccountId(), ManualUsers.Document(asked), admin.TracedActor(), cancellationToken);
            return made is { } id
                ? TypedResults.Created($"/api/v1/users/{id}", new Made(id))
                : AdminProblem.Conflict($"There is a manual user named '{asked.UserName}' already.", "nameTaken");
        }
        catch (ScimException refused)
        {
            return Problem(refused);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EditUserAsync(
        Guid id, ManualUsers.Asked asked, ClaimsPrincipal admin, ManualUsers users, CancellationToken cancellationToken)
    {
        try
        {
            return await users.EditAsync(admin.AccountId(), id, ManualUsers.Document(asked), admin.TracedActor(), cancellationToken) switch
            {
                ManualUsers.EditOutcome.Done => TypedResults.NoContent(),
                ManualUsers.EditOutcome.NoSuchUser => AdminProblem.NotFound($"There is no user {id} in this account."),
                ManualUsers.EditOutcome.NotManual => AdminProblem.Conflict("This user comes from a directory; change it in the identity provider.", "notManual"),
                ManualUsers.EditOutcome.Removed => AdminProblem.Conflict("This user was purged and cannot be changed.", "removed"),
            };
        }
        catch (ScimException refused)
        {
            return Problem(refused);
        }
    }

    private static async Task<Results<Created<Made>, ProblemHttpResult>> CreateGroupAsync(
        AskedGroup asked, ClaimsPrincipal admin, UserDefinedGroups groups, CancellationToken cancellationToken)
    {
        if (BadName(asked) is { } fault) return fault;
        var name = asked.DisplayName!.Trim();
        try
        {
            var id = await groups.CreateAsync(admin.AccountId(), name, admin.TracedActor(), cancellationToken);
            return TypedResults.Created($"/api/v1/groups/{id}", new Made(id));
        }
        catch (ScimException refused)
        {
            return Problem(refused, name);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RenameGroupAsync(
        Guid id, AskedGroup asked, ClaimsPrincipal admin, UserDefinedGroups groups, CancellationToken cancellationToken)
    {
        if (BadName(asked) is { } fault) return fault;
        var name = asked.DisplayName!.Trim();
        try
        {
            return Answer(id, await groups.RenameAsync(admin.AccountId(), id, name, admin.TracedActor(), cancellationToken));
        }
        catch (ScimException refused)
        {
            return Problem(refused, name);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeMembersAsync(
        Guid id, MemberChange asked, ClaimsPrincipal admin, UserDefinedGroups groups, CancellationToken cancellationToken)
    {
        Guid[] add = [.. (asked.Add ?? []).Distinct()], remove = [.. (asked.Remove ?? []).Distinct()];
        if (add.Length + remove.Length is 0 or > MaxMembers)
            return AdminProblem.Invalid($"Send \"add\" and \"remove\" with 1 to {MaxMembers} internal ids of users in all.");
        if (add.Intersect(remove).ToList() is { Count: > 0 } both)
            return AdminProblem.Invalid($"\"add\" and \"remove\" both name {Some(both)}. Take each out of one of them.", "addedAndRemoved");
        return Answer(id, await groups.ChangeMembersAsync(admin.AccountId(), id, add, remove, admin.TracedActor(), cancellationToken));
    }

    private static Results<NoContent, ProblemHttpResult> Answer(Guid id, UserDefinedGroups.MemberEditOutcome edited) => edited.Unknown is []
        ? Answer(id, edited.Outcome)
        : AdminProblem.Invalid(
            $"This account has no user {Some(edited.Unknown)}, or it was removed. Nobody was added or removed. Take ids (not SCIM ids) from GET /api/v1/users.", "noSuchUser");

    private static string Some(IReadOnlyList<Guid> ids) =>
        string.Join(", ", ids.Take(NamedInErrors)) + (ids.Count > NamedInErrors ? $" and {ids.Count - NamedInErrors} more" : "");

    private static Results<NoContent, ProblemHttpResult> Answer(Guid id, UserDefinedGroups.EditOutcome edited) => edited switch
    {
        UserDefinedGroups.EditOutcome.Done => TypedResults.NoContent(),
        UserDefinedGroups.EditOutcome.NoSuchGroup => AdminProblem.NotFound($"There is no group {id} in this account."),
        UserDefinedGroups.EditOutcome.NotUserDefined => AdminProblem.Conflict("This group comes from a directory; change it in the identity provider.", "notUserDefined"),
    };

    private static ProblemHttpResult? BadName(AskedGroup asked) =>
        AdminNameRules.FindError("displayName", asked.DisplayName, most: 500) is { } fault ? AdminProblem.Invalid(fault) : null;

    /// <param name="group">The requested name of a group; null for a user.</param>
    private static ProblemHttpResult Problem(ScimException refused, string? group = null) => refused.Status switch
    {
        StatusCodes.Status409Conflict => AdminProblem.Conflict(
            group is null ? refused.Message : $"There is a user-defined group named '{group}' already (case does not count); choose another name.", "nameTaken"),
        StatusCodes.Status400BadRequest => AdminProblem.Invalid(refused.Message),
        _ => TypedResults.Problem(refused.Message, statusCode: refused.Status),
    };
}
