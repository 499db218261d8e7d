using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using PolicyService.Policies;
using ServiceDefaults.Access;

namespace PolicyService.Feed;

/// <summary>
/// <c>GET /api/v1/policies/changes</c>: the feed of membership changes by position; without <c>after</c> it returns the newest
/// position. <c>…/changes/stream</c>: the same as server-sent events (see <see cref="ChangeStream"/>).
/// </summary>
internal static class ChangesEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 200;

    internal static void MapChanges(this RouteGroupBuilder api)
    {
        var changes = api.MapGroup("/policies/changes");
        changes.MapGet("", ReadAsync).ProducesProblem(StatusCodes.Status410Gone);
        changes.MapGet("/stream", StreamAsync).Produces<string>(contentType: "text/event-stream").ProducesProblem(StatusCodes.Status410Gone);
    }

    /// <summary>
    /// Membership changes by position, for who enforces policies. Without <c>after</c> it tells where the feed stands. 410: the
    /// position has expired; read the members again.
    /// </summary>
    /// <param name="after">The position behind which to go on: <c>next</c> of the answer before.</param>
    private static async Task<Results<Ok<ChangePage>, ProblemHttpResult>> ReadAsync(
        long? after, int? limit, ClaimsPrincipal admin, MembershipFeed feed, CancellationToken cancellationToken)
    {
        var page = PageLimit.Of(limit, MaxLimit, DefaultLimit);
        if (page.Refusal is { } refusal) return refusal;
        if (after < 0) return NoPosition();
        var account = admin.AccountId();
        var slice = await feed.ReadAsync(account, after ?? await feed.NewestAsync(account, cancellationToken), page.Size, cancellationToken);
        return slice.IsUnavailable ? Lost(slice) : TypedResults.Ok(new ChangePage(slice.Records, slice.Next, slice.Newest));
    }

    /// <summary>Membership changes as server-sent events. The id of an event is its position: <c>Last-Event-ID</c> goes on behind it.</summary>
    /// <param name="after">The same as <c>Last-Event-ID</c>, for the first request.</param>
    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> StreamAsync(
        long? after, HttpContext http, ClaimsPrincipal admin, MembershipFeed feed, ChangeStream stream, CancellationToken cancellationToken)
    {
        if (after < 0) return NoPosition();
        var account = admin.AccountId();
        var last = http.Request.Headers["Last-Event-ID"].ToString();
        long position;
        if (last.Length == 0) position = after ?? await feed.NewestAsync(account, cancellationToken);
        else if (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out position))
            return AdminProblem.Invalid($"The header Last-Event-ID is '{last}'; it must be the id of an event of this stream: a position, a whole number.", "malformedPosition");
        var slice = await feed.ReadAsync(account, position, 1, cancellationToken);
        if (slice.IsUnavailable) return Lost(slice);
        await stream.WriteAsync(http, account, position, cancellationToken);
        return TypedResults.Empty;
    }

    /// <summary>
    /// 410 for a position that has expired or never existed: a client that went on from there would miss changes. It has to
    /// read all members again.
    /// </summary>
    private static ProblemHttpResult Lost(FeedPage slice) => AdminProblem.Of(StatusCodes.Status410Gone, Detail(slice), Reason(slice));

    private static ProblemHttpResult NoPosition() =>
        AdminProblem.Invalid("'after' must be a position of the feed: 0, or the 'next' of an answer.", "malformedPosition");

    internal static string Reason(FeedPage slice) => slice.After < slice.Expired ? "positionExpired" : "positionUnknown";

    internal static string Detail(FeedPage slice) =>
        (slice.After < slice.Expired
            ? $"Records up to position {slice.Expired} are not kept any more, so what happened after position {slice.After} cannot be told."
            : $"The feed has no position {slice.After}: its newest is {slice.Newest}.")
        + " Read everything again: take 'next' from GET /api/v1/policies/changes (without 'after'), then read the members of each policy, then go on from that position.";
}
