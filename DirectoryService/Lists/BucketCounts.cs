using System.Globalization;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Lists;

/// <summary>
/// Counts of visible resources by the first bits of their ids (table <c>bucket_counts</c>), so that the cost of a total, or of
/// a deep page in the default order, does not grow with the directory.
/// <code>
/// offset ─► sums of the buckets ─► the bucket with the offset ─► skip less than one bucket of ids in the index ─► rows
/// </code>
/// </summary>
internal static class BucketCounts
{
    internal static NpgsqlBatchCommand Total(string resource, Guid directoryId)
    {
        var command = new NpgsqlBatchCommand("SELECT coalesce(sum(n), 0)::bigint FROM bucket_counts WHERE directory_id = $1 AND resource = $2");
        command.Parameters.With(directoryId).WithText(resource);
        return command;
    }

    /// <summary>Reads a page. Counts and rows come from one snapshot, so that the offset is exact.</summary>
    internal static NpgsqlBatchCommand Page<T>(ListSource<T> source, Guid directoryId, PageRequest page)
    {
        var command = new NpgsqlBatchCommand(string.Create(CultureInfo.InvariantCulture, $"""
            WITH place AS MATERIALIZED (
              SELECT bucket_start(bucket) AS first, ($3 - (upto - n))::bigint AS skip
              FROM (SELECT bucket, n, sum(n) OVER (ORDER BY bucket) AS upto FROM bucket_counts WHERE directory_id = $1 AND resource = $2) sums
              WHERE upto > $3 ORDER BY bucket LIMIT 1),
            start AS MATERIALIZED (
              SELECT scim_id FROM {source.Table} WHERE directory_id = $1 AND {source.Visible} AND scim_id >= (SELECT first FROM place)
              ORDER BY scim_id OFFSET (SELECT skip FROM place) LIMIT 1)
            SELECT {source.ShownRow.Columns} FROM {source.Table}
            WHERE directory_id = $1 AND {source.Visible} AND scim_id >= (SELECT scim_id FROM start)
            ORDER BY scim_id LIMIT $4
            """));
        command.Parameters.With(directoryId).WithText(source.Table).With((long)page.Offset).With((long)page.Count);
        return command;
    }
}
