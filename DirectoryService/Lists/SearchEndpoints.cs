using System.Text.Json;
using DirectoryService.Groups;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using DirectoryService.Users;
using Npgsql;

namespace DirectoryService.Lists;

/// <summary>
/// <c>POST /Users/.search</c> and <c>/Groups/.search</c>, searches with the filter in the body (RFC 7644 §3.4.3); and the root,
/// by GET or POST, for users and groups in one list (§3.4.2.1).
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

    /// <summary>
    /// Lists users first, then groups; a sorted list has one order over both. An attribute of only one type has no value in the
    /// other.
    /// </summary>
    private static async Task<IResult> BothAsync(HttpContext http, ListRequest asked, CancellationToken cancellationToken)
    {
        var request = asked with { AtRoot = true };
        if (request.ByCursor) throw ScimException.InvalidCursor("The root is paged by startIndex; for cursors, search /Users and /Groups.");
        if (request.SortBy is not null) return await SortedBothAsync(http, request, cancellationToken);
        var users = await UserEndpoints.ListAsync(http, request, cancellationToken);
        // The rest of the page after the users, from the first group on.
        var groups = await GroupEndpoints.ListAsync(http, request with
        {
            StartIndexText = Text(Math.Max(1, request.StartIndex - users.TotalResults)),
            CountText = Text(request.Count - users.Resources.Count),
        }, cancellationToken);
        return ScimResult.Ok(new ListResponse([.. users.Resources, .. groups.Resources], users.TotalResults + groups.TotalResults, request.StartIndex).WriteToAsync);
    }

    /// <summary>Reads as many resources of each type as the page may contain, and merges them.</summary>
    private static async Task<IResult> SortedBothAsync(HttpContext http, ListRequest request, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var db = http.RequestServices.GetRequiredService<NpgsqlDataSource>();
        var users = await ReadAsync(UserEndpoints.Source(http.BaseUrl(directory), directory.SearchAttributes), ResourceSchema.User);
        var groups = await ReadAsync(GroupEndpoints.Source(http.BaseUrl(directory)), ResourceSchema.Group);
        var isUser = Merge(users.Keys!, groups.Keys!).Skip(request.Offset).Take(request.Count).ToList();
        var (skippedUsers, skippedGroups) = Skipped(Merge(users.Keys!, groups.Keys!).Take(request.Offset));
        var shownUsers = new Queue<Func<Utf8JsonWriter, Task>>(
            await UserEndpoints.ShowAsync(http, request, [.. users.Items.Skip(skippedUsers).Take(isUser.Count(one => one))], cancellationToken));
        var shownGroups = new Queue<Func<Utf8JsonWriter, Task>>(
            await GroupEndpoints.ShowAsync(http, request, [.. groups.Items.Skip(skippedGroups).Take(isUser.Count(one => !one))], cancellationToken));
        var page = new List<Func<Utf8JsonWriter, Task>>();
        foreach (var one in isUser)
        {
            // The page ends before a group whose members exceed the limit.
            if (!(one ? shownUsers : shownGroups).TryDequeue(out var shown)) break;
            page.Add(shown);
        }
        return ScimResult.Ok(new ListResponse(page, users.Total + groups.Total, request.StartIndex).WriteToAsync);

        Task<Page<T>> ReadAsync<T>(ListSource<T> source, ResourceSchema type) => ResourceListQuery.ReadAsync(db, source, directory.DirectoryId,
            new ListQuery(request.Filter(type), request.Sort(type), request.Descending, new PageRequest(0, request.Count == 0 ? 0 : request.Offset + request.Count), null), cancellationToken);

        static (int Users, int Groups) Skipped(IEnumerable<bool> before) => before.Aggregate((Users: 0, Groups: 0), (so, user) => user ? (so.Users + 1, so.Groups) : (so.Users, so.Groups + 1));
    }

    /// <summary>For each position of the merged order, whether it is a user; for equal keys users come first.</summary>
    private static IEnumerable<bool> Merge(IReadOnlyList<SortKey> users, IReadOnlyList<SortKey> groups)
    {
        for (var (user, group) = (0, 0); user < users.Count || group < groups.Count;)
        {
            var isUser = group == groups.Count || (user < users.Count && users[user].CompareValues(groups[group]) <= 0);
            if (isUser) user++;
            else group++;
            yield return isUser;
        }
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
