using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;
using DirectoryService.Storage;
using Npgsql;
using ServiceDefaults.Storage;

namespace DirectoryService.Lists;

/// <summary>The SQL parts for lists of one resource type.</summary>
/// <param name="Visible">SQL condition for rows that are visible to SCIM.</param>
/// <param name="Show">Converts a row to a SCIM resource, without <paramref name="RelatedAttribute"/>.</param>
/// <param name="RelatedAttribute">An attribute of another table, read only when the filter or the order uses it.</param>
/// <param name="Row">The columns read of every examined row.</param>
/// <param name="ShownRow">The columns read of rows that are certainly returned, including values of other tables.</param>
/// <param name="DerivedAttributes">Attributes or parts of them that only <paramref name="ShownRow"/> provides.</param>
internal sealed record ListSource<T>(
    string Table, string Visible, RowReader<T> Row, RowReader<T> ShownRow, Func<T, Guid> Id, Func<T, JsonObject> Show,
    IReadOnlyDictionary<string, FilterColumn> FilterColumns, IReadOnlyCollection<string> DerivedAttributes, RelatedAttribute? RelatedAttribute = null);

/// <summary>An attribute stored in another table.</summary>
/// <param name="Sql">SQL that selects it as a JSON array for one row.</param>
/// <param name="Complete">Adds to each element what is not stored, such as URLs.</param>
internal sealed record RelatedAttribute(string Attribute, string Sql, Action<JsonObject> Complete);

/// <summary>The columns of a SELECT, and how a row is read from them.</summary>
internal sealed record RowReader<T>(string Columns, Func<NpgsqlDataReader, T> Read);

/// <summary>The parameters of a list query.</summary>
/// <param name="From">Start of the page: rows after (or before) a SCIM id; null for <see cref="PageRequest.Offset"/>.</param>
internal sealed record ListQuery(Filter? Filter, AttributePath? SortBy, bool Descending, PageRequest Page, Keyset? From);

/// <summary>A position in the default order.</summary>
internal readonly record struct Keyset(Guid Id, bool Backwards);

/// <summary>
/// Reads lists of one directory, in the stable default order (by SCIM id) or sorted.
/// <code>
/// filter ─► conditions that columns answer ─┬─ all of it, unsorted ─► count and page in SQL
///                                           └─ not all, or sorted ──► scan: each row is matched in memory; at most 5 s
/// </code>
/// </summary>
internal static class ResourceListQuery
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
    /// Reads a page in SQL. The total and offsets of an unfiltered list come from <see cref="BucketCounts"/>. The total of a filter
    /// is counted, unless its first page contains all results; so a look-up is one statement.
    /// </summary>
    private static async Task<Page<T>> PageAsync<T>(
        NpgsqlDataSource db, ListSource<T> source, Guid directoryId, SqlFilter filter, ListQuery query, CancellationToken cancellationToken)
    {
        await using var batch = db.CreateBatch();
        var counted = query.Filter is not null && (query.Page.Count == 0 || query.Page.Offset > 0 || query.From is not null);
        if (query.Filter is null) batch.BatchCommands.Add(BucketCounts.Total(source.Table, directoryId));
        else if (counted) batch.BatchCommands.Add(Count());
        if (query.Page.Count > 0) batch.BatchCommands.Add(query is { Filter: null, From: null, Page.Offset: > 0 } ? BucketCounts.Page(source, directoryId, query.Page) : Rows());
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
        // Read only when the filter or the order uses it.
        var reading = source.DerivedAttributes.Any(attribute => Uses(query, attribute)) ? source.ShownRow : source.Row;
        var related = source.RelatedAttribute is { } one && Uses(query, one.Attribute) ? one : null;
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

    private static bool Uses(ListQuery query, string attribute)
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

        // `meta.version` is used directly and in `meta[…]`; `groups` also by its sub-attributes.
        bool Is(AttributePath path) => path.ToString() is var text && (text == attribute
            || (path.Extension is null && path.Attribute?.Name == attribute) || attribute.StartsWith(text + ".", StringComparison.Ordinal));
    }
}
