using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;
using Npgsql;
using ServiceDefaults.Storage;

namespace DirectoryService.Storage;

/// <summary>How one type of resource is listed.</summary>
/// <param name="Visible">The condition for rows that SCIM shows.</param>
/// <param name="Show">A row as SCIM shows it, <paramref name="Related"/> apart.</param>
/// <param name="Related">The attribute that is read for no row but where it is asked for.</param>
/// <param name="Row">What is read of every row that is looked at.</param>
/// <param name="ShownRow">What is read of rows of which it is certain that they are shown: what other tables tell of them, too.</param>
/// <param name="Beside">Attributes or parts of them of which <paramref name="ShownRow"/> alone can tell.</param>
internal sealed record ListSource<T>(
    string Table, string Visible, RowReading<T> Row, RowReading<T> ShownRow, Func<T, Guid> Id, Func<T, JsonObject> Show,
    IReadOnlyDictionary<string, FilterColumn> FilterColumns, IReadOnlyCollection<string> Beside, RelatedAttribute? Related = null);

/// <summary>An attribute that stands in another table.</summary>
/// <param name="Sql">Reads it as a JSON array for one row.</param>
/// <param name="Complete">Adds to each element what the database does not know.</param>
internal sealed record RelatedAttribute(string Attribute, string Sql, Action<JsonObject> Complete);

/// <summary>Columns of a SELECT, and the row that they make.</summary>
internal sealed record RowReading<T>(string Columns, Func<NpgsqlDataReader, T> Read);

/// <summary>What is asked of a list.</summary>
/// <param name="From">Where the page begins: rows behind a SCIM id (or before it), else <see cref="PageRequest.Offset"/>.</param>
internal sealed record ListQuery(Filter? Filter, AttributePath? SortBy, bool Descending, PageRequest Page, Keyset? From);

/// <summary>A place in the default order.</summary>
internal readonly record struct Keyset(Guid Id, bool Backwards);

/// <summary>
/// Lists of one directory, in the stable default order (by SCIM id) or sorted.
/// <code>
/// filter ─► conditions that columns answer ─┬─ all of it, unsorted ─► count and page in SQL
///                                           └─ not all, or sorted ──► rows stream by, each is asked; at most 5 s
/// </code>
/// </summary>
internal static class Listing
{
    internal static readonly TimeSpan ScanLimit = Database.RequestLimit;

    /// <exception cref="ScimException">tooMany when a scan takes longer than <see cref="ScanLimit"/>.</exception>
    internal static async Task<Page<T>> ReadAsync<T>(
        NpgsqlDataSource db, ListSource<T> source, Guid directoryId, ListQuery query, CancellationToken cancellationToken)
    {
        var filter = SqlFilter.Translate(query.Filter, source.FilterColumns, reserved: 1);
        if (filter.IsExact && query.SortBy is null) return await PageAsync(db, source, directoryId, filter, query, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ScanLimit);
        try
        {
            return await ScanAsync(db, source, directoryId, filter, query, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw ScimException.TooMany(
                $"This search has to read too many resources: it was stopped after {ScanLimit.TotalSeconds} seconds. Narrow it with userName, displayName, externalId, emails.value or id (eq, or sw for the first three), or read the whole list page by page with a cursor and without a filter.");
        }
    }

    /// <summary>
    /// The total of all is kept, and so is the way to a place in all (see <see cref="Buckets"/>). A filter's total is counted,
    /// unless its first page holds everything it selects: so a look-up is one statement.
    /// </summary>
    private static async Task<Page<T>> PageAsync<T>(
        NpgsqlDataSource db, ListSource<T> source, Guid directoryId, SqlFilter filter, ListQuery query, CancellationToken cancellationToken)
    {
        await using var batch = db.CreateBatch();
        var counted = query.Filter is not null && (query.Page.Count == 0 || query.Page.Offset > 0 || query.From is not null);
        if (query.Filter is null) batch.BatchCommands.Add(Buckets.Total(source.Table, directoryId));
        else if (counted) batch.BatchCommands.Add(Count());
        if (query.Page.Count > 0) batch.BatchCommands.Add(query is { Filter: null, From: null, Page.Offset: > 0 } ? Buckets.Page(source, directoryId, query.Page) : Rows());
        var page = await Page.ReadAsync(batch, query.Filter is null || counted, source.ShownRow.Read, cancellationToken);
        if (query.Filter is not null && !counted && page.Items.Count == query.Page.Count)
            page = page with { Total = await CountAsync() };
        return query.From is { Backwards: true } ? page with { Items = [.. page.Items.Reverse()] } : page;

        string Where() => $"directory_id = $1 AND {source.Visible} AND {filter.Sql}";

        NpgsqlBatchCommand Count() => Bound($"SELECT count(*) FROM {source.Table} WHERE {Where()}");

        NpgsqlBatchCommand Rows()
        {
            var (beyond, order, offset) = query.From switch
            {
                null => ("", "ASC", query.Page.Offset),
                { Backwards: false } => ($" AND scim_id > ${filter.Count + 2}", "ASC", 0),
                { Backwards: true } => ($" AND scim_id < ${filter.Count + 2}", "DESC", 0),
            };
            var rows = Bound($"SELECT {source.ShownRow.Columns} FROM {source.Table} WHERE {Where()}{beyond} ORDER BY scim_id {order} OFFSET {offset} LIMIT {query.Page.Count}");
            if (query.From is { } from) rows.Parameters.With(from.Id);
            return rows;
        }

        NpgsqlBatchCommand Bound(string sql)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.With(directoryId);
            filter.Bind(command.Parameters);
            return command;
        }

        async Task<long> CountAsync()
        {
            await using var counting = db.CreateBatch();
            counting.BatchCommands.Add(Count());
            return (long)(await counting.ExecuteScalarAsync(cancellationToken))!;
        }
    }

    private static async Task<Page<T>> ScanAsync<T>(
        NpgsqlDataSource db, ListSource<T> source, Guid directoryId, SqlFilter filter, ListQuery query, CancellationToken cancellationToken)
    {
        // Read only where the filter or the order asks for it.
        var reading = source.Beside.Any(attribute => Asks(query, attribute)) ? source.ShownRow : source.Row;
        var related = source.Related is { } one && Asks(query, one.Attribute) ? one : null;
        await using var command = db.CreateCommand(
            $"""
            SELECT {reading.Columns}{(related is null ? "" : ", " + related.Sql)} FROM {source.Table}
            WHERE directory_id = $1 AND {source.Visible} AND {filter.Sql} ORDER BY scim_id
            """);
        // The scan has a limit of its own, which is told as tooMany.
        command.CommandTimeout = 2 * (int)ScanLimit.TotalSeconds;
        command.Parameters.With(directoryId);
        filter.Bind(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var total = 0L;
        var window = new PageWindow<T>(query, source.Id);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = reading.Read(reader);
            var shown = source.Show(row);
            if (related is not null && !reader.IsDBNull(reader.FieldCount - 1))
            {
                var elements = JsonNode.Parse(reader.GetString(reader.FieldCount - 1))!.AsArray();
                foreach (var element in elements) related.Complete(element!.AsObject());
                shown[related.Attribute] = elements;
            }
            if (query.Filter is not null && !FilterMatcher.Matches(query.Filter, shown)) continue;
            total++;
            window.Add(row, shown);
        }
        return new Page<T>(window.Items, total, window.Keys);
    }

    private static bool Asks(ListQuery query, string attribute)
    {
        return Names(query.Filter) || query.SortBy is { } order && Is(order);

        bool Names(Filter? filter) => filter switch
        {
            null => false,
            Filter.And and => Names(and.Left) || Names(and.Right),
            Filter.Or or => Names(or.Left) || Names(or.Right),
            Filter.Not not => Names(not.Inner),
            Filter.Present present => Is(present.Path),
            Filter.Compare compare => Is(compare.Path),
            Filter.ValuePath path => Is(path.Path),
            _ => throw new InvalidOperationException($"Unknown filter {filter.GetType().Name}."),
        };

        // `meta.version` is asked for by itself, and by `meta[…]`; `groups` by each of its parts.
        bool Is(AttributePath path) => path.ToString() is var text && (text == attribute
            || (path.Extension is null && path.Attribute?.Name == attribute) || attribute.StartsWith(text + ".", StringComparison.Ordinal));
    }
}
