using Npgsql;

namespace DirectoryService.Lists;

/// <summary>A requested page: rows from <see cref="Offset"/> (0-based), at most <see cref="Count"/>.</summary>
internal readonly record struct PageRequest(int Offset, int Count);

/// <summary>The rows of a page and the total number of rows.</summary>
/// <param name="Keys">Sort keys of the rows of a sorted page.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long Total, IReadOnlyList<SortKey>? Keys = null);

internal static class Page
{
    /// <summary>Executes a batch with the optional total and the optional rows. Without a total, it is the number of rows.</summary>
    internal static async Task<Page<T>> ReadAsync<T>(NpgsqlBatch batch, bool withTotal, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var items = new List<T>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        long? total = null;
        if (withTotal)
        {
            await reader.ReadAsync(cancellationToken);
            total = reader.GetInt64(0);
            if (!await reader.NextResultAsync(cancellationToken)) return new Page<T>(items, total.Value);
        }
        while (await reader.ReadAsync(cancellationToken)) items.Add(read(reader));
        return new Page<T>(items, total ?? items.Count);
    }
}
