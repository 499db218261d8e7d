using System.Security.Claims;
using Contracts.State.V1;
using Microsoft.AspNetCore.Http.HttpResults;
using ServiceDefaults.Access;
using ServiceDefaults.DirectoryState;

namespace PolicyService.Members;

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
        Guid? groupId, Guid? userId, Guid? directoryId, Guid? after, int? limit, HttpContext http, ClaimsPrincipal admin, PreviewQuery previews, ReadYourWrites catchUp,
        CancellationToken cancellationToken)
    {
        var page = PageLimit.Of(limit, MaxLimit, DefaultLimit);
        if (page.Refusal is { } refusal) return refusal;
        var account = admin.AccountId();
        if (new[] { groupId, userId, directoryId }.Count(id => id is not null) != 1)
            return AdminProblem.Invalid("Name what you want to disable or delete by one of 'groupId', 'userId' and 'directoryId'.", "nameOneSubject");
        var final = userId is { } asked
            ? await catchUp.EnsureUserIsCurrentAsync(http, asked, cancellationToken)
            : await catchUp.EnsureIsCurrentAsync(http, new StateQuery { Groups = Ids(groupId), Directories = Ids(directoryId) }, cancellationToken);
        return (groupId, userId, directoryId) switch
        {
            ({ } group, null, null) => await previews.PreviewGroupAsync(account, group, after, page.Size, cancellationToken) is { } preview
                ? TypedResults.Ok(preview with { UpToDate = final })
                : ProvisionalRefusal.UnlessFinal(final, http, AdminProblem.NotFound($"This account has no group {group}. Take the id (not the SCIM id) from GET /api/v1/groups.", "noSuchGroup")),
            (null, { } user, null) => await previews.PreviewUserAsync(account, user, cancellationToken) is { } preview
                ? TypedResults.Ok(preview with { UpToDate = final })
                : MembershipEndpoints.NoUser(http, user, final),
            _ => await previews.PreviewDirectoryAsync(account, directoryId!.Value, after, page.Size, cancellationToken) is { } preview
                ? TypedResults.Ok(preview with { UpToDate = final })
                : ProvisionalRefusal.UnlessFinal(final, http, AdminProblem.NotFound($"This account has no directory {directoryId}. Take the id from GET /api/v1/directories.", "noSuchDirectory")),
        };

        static Guid[] Ids(Guid? id) => id is { } one ? [one] : [];
    }
}
