using DirectoryService.Protocol;
using DirectoryService.Protocol.Messages;

namespace DirectoryService.Scim;

/// <summary>
/// <c>POST /Users/.search</c> and <c>/Groups/.search</c>, where the filter is not part of the address (RFC 7644 §3.4.3);
/// and the root, asked either way, for users and groups in one list (§3.4.2.1).
/// </summary>
internal static class SearchEndpoints
{
    internal static void Map(RouteGroupBuilder scim)
    {
        scim.MapPost("/Users/.search", async (HttpContext http, CancellationToken cancellationToken) =>
            ScimResult.Ok((await UserEndpoints.ListAsync(http, await ListRequest.OfBodyAsync(http, cancellationToken), cancellationToken)).WriteToAsync));
        scim.MapPost("/Groups/.search", async (HttpContext http, CancellationToken cancellationToken) =>
            ScimResult.Ok((await GroupEndpoints.ListAsync(http, await ListRequest.OfBodyAsync(http, cancellationToken), cancellationToken)).WriteToAsync));
        scim.MapPost("/.search", async (HttpContext http, CancellationToken cancellationToken) =>
            await BothAsync(http, await ListRequest.OfBodyAsync(http, cancellationToken), cancellationToken));
        scim.MapRead("/", (HttpContext http, CancellationToken cancellationToken) => BothAsync(http, ListRequest.OfQuery(http), cancellationToken));
    }

    /// <summary>Users first, then groups; each in the order that was asked for. A filter may name attributes that only one type has.</summary>
    private static async Task<IResult> BothAsync(HttpContext http, ListRequest request, CancellationToken cancellationToken)
    {
        if (request.ByCursor) throw ScimException.InvalidCursor("The root is paged by startIndex; for cursors, search /Users and /Groups.");
        var users = await OneAsync(UserEndpoints.ListAsync, request);
        var found = users.Answer?.TotalResults ?? 0;
        var items = users.Answer?.Resources ?? [];
        // What is left of the page after the users, from where the groups begin.
        var groups = await OneAsync(GroupEndpoints.ListAsync, request with
        {
            StartIndexText = Text(Math.Max(1, request.StartIndex - found)),
            CountText = Text(request.Count - items.Count),
        });
        if (users.Refusal is not null && groups.Refusal is not null) throw users.Refusal;
        return ScimResult.Ok(new ListResponse(
            [.. items, .. groups.Answer?.Resources ?? []], found + (groups.Answer?.TotalResults ?? 0), request.StartIndex).WriteToAsync);

        async Task<(ListResponse? Answer, ScimException? Refusal)> OneAsync(Func<HttpContext, ListRequest, CancellationToken, Task<ListResponse>> list, ListRequest part)
        {
            try
            {
                return (await list(http, part, cancellationToken), null);
            }
            catch (ScimException refusal) when (refusal.ScimType is "invalidFilter" or "invalidPath")
            {
                return (null, refusal);
            }
        }
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
