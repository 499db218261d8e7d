using Npgsql;

namespace DirectoryService.Storage;

/// <summary>Which rows of a list: <see cref="Offset"/> from 0, at most <see cref="Count"/>.</summary>
internal readonly record struct PageRequest(int Offset, int Count);

/// <summary>Rows of one page, and how many there are in all.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, long Total);

internal static class Page
{
    /// <summary>Runs a batch of a count and a select.</summary>
    internal static async Task<Page<T>> ReadAsync<T>(NpgsqlBatch batch, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var items = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) items.Add(read(reader));
        return new Page<T>(items, total);
    }
}
