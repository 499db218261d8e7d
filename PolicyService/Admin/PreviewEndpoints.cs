using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using PolicyService.Storage;
using ServiceDefaults.Access;

namespace PolicyService.Admin;

/// <summary>
/// <c>GET /api/v1/policies/preview?groupId=…</c>, <c>?userId=…</c> or <c>?directoryId=…</c>: what disabling or deleting it
/// would change in policies. For policies both are the same.
/// </summary>
internal static class PreviewEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;

    internal static void MapPreview(this RouteGroupBuilder api) => api.MapGet("/policies/preview", PreviewAsync);

    /// <summary>What disabling or deleting a group, a user or a directory would change in policies: name one of them.</summary>
    private static async Task<Results<Ok<Preview>, ProblemHttpResult>> PreviewAsync(
        Guid? groupId, Guid? userId, Guid? directoryId, Guid? after, int? limit, ClaimsPrincipal admin, Previews previews, CancellationToken cancellationToken)
    {
        var size = limit ?? DefaultLimit;
        if (PageSize.Refusal(size, MaxLimit) is { } refusal) return refusal;
        var account = admin.AccountId();
        return (groupId, userId, directoryId) switch
        {
            ({ } group, null, null) => await previews.OfGroupAsync(account, group, after, size, cancellationToken) is { } preview
                ? TypedResults.Ok(preview)
                : AdminProblem.NotFound($"No group {group} is known here. If it was made a moment ago, try again; else take the id (not the SCIM id) from GET /api/v1/groups.", "noSuchGroup"),
            (null, { } user, null) => await previews.OfUserAsync(account, user, cancellationToken) is { } preview
                ? TypedResults.Ok(preview)
                : MembershipEndpoints.NoUser(user),
            (null, null, { } directory) => await previews.OfDirectoryAsync(account, directory, after, size, cancellationToken) is { } preview
                ? TypedResults.Ok(preview)
                : AdminProblem.NotFound($"No directory {directory} is known here. If it was made a moment ago, try again; else take the id from GET /api/v1/directories.", "noSuchDirectory"),
            _ => AdminProblem.Invalid("Name what you want to disable or delete by one of 'groupId', 'userId' and 'directoryId'.", "nameOneSubject"),
        };
    }
}
