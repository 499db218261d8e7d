using Npgsql;

namespace DirectoryService.Storage;

/// <summary>Which rows of a list: <see cref="Offset"/> from 0, at most <see cref="Count"/>.</summary>
internal readonly record struct PageRequest(int Offset, int Count);

/// <summary>Rows of one page, and how many there are in all.</summary>
/// <param name="Keys">Of a sorted page: where each of its rows stands.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long Total, IReadOnlyList<SortKey>? Keys = null);

internal static class Page
{
    /// <summary>Runs a batch of a total, if it has one, and the rows, if they are asked for. Without a total, that of the rows.</summary>
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
