using System.Text.Json;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;

namespace DirectoryService.Lists;

/// <summary>
/// Answers a list request of one resource type: request → position of the page → rows → ListResponse. The endpoint provides the
/// representation of a row and related rows.
/// </summary>
internal sealed class ListResponder(NpgsqlDataSource db, PageCursors cursors)
{
    /// <param name="show">Converts the rows to writers; it may return fewer and so end the page early.</param>
    internal async Task<ListResponse> RespondAsync<T>(
        DirectoryContext directory, ResourceSchema resource, ListSource<T> source, ListRequest request,
        Func<IReadOnlyList<T>, Task<IReadOnlyList<Func<Utf8JsonWriter, Task>>>> show, CancellationToken cancellationToken)
    {
        var query = await QueryAsync(directory, resource, request, cancellationToken);
        var page = await ResourceListQuery.ReadAsync(db, source, directory.DirectoryId, query, cancellationToken);
        var items = await show(page.Items);
        if (!request.ByCursor) return new ListResponse(items, page.Total, request.StartIndex);

        var (next, previous) = await NeighboursAsync(directory, resource, source, request, query, page, items.Count, cancellationToken);
        return new ListResponse(items, page.Total, null, next, previous);
    }

    private async Task<ListQuery> QueryAsync(DirectoryContext directory, ResourceSchema resource, ListRequest request, CancellationToken cancellationToken)
    {
        var (filter, sort) = (request.Filter(resource), request.Sort(resource));
        if (!request.ByCursor) return new ListQuery(filter, sort, request.Descending, new PageRequest(request.Offset, request.Count), null);
        var place = request.CursorText!.Length == 0
            ? default
            : await cursors.OpenAsync(request.CursorText, directory, resource, request, cancellationToken);
        return new ListQuery(filter, sort, request.Descending, new PageRequest(place.Offset, request.Count),
            sort is null && place.Id != default ? new Keyset(place.Id, place.Backwards) : null);
    }

    private async Task<(string? Next, string? Previous)> NeighboursAsync<T>(
        DirectoryContext directory, ResourceSchema resource, ListSource<T> source, ListRequest request, ListQuery query, Page<T> page, int shown, CancellationToken cancellationToken)
    {
        CursorPosition? next = null, previous = null;
        if (query.SortBy is not null)
        {
            var offset = query.Page.Offset;
            if (offset + shown < page.Total && shown > 0) next = new(false, default, offset + shown);
            if (offset > 0) previous = new(false, default, Math.Max(0, offset - request.Count));
        }
        else if (shown > 0)
        {
            var (first, last) = (source.Id(page.Items[0]), source.Id(page.Items[shown - 1]));
            // A full page may be the last one; then the next page is empty and has no next cursor.
            var full = shown < page.Items.Count || page.Items.Count == request.Count;
            if ((full && page.Total > shown) || query.From is { Backwards: true }) next = new(false, last, 0);
            if (query.From is { Backwards: false } || (query.From is { Backwards: true } && full)) previous = new(true, first, 0);
        }
        return (await SealAsync(next), await SealAsync(previous));

        async ValueTask<string?> SealAsync(CursorPosition? place) =>
            place is { } where ? await cursors.CreateAsync(where, directory, resource, request, cancellationToken) : null;
    }
}
