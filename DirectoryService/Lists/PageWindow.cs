using System.Text.Json.Nodes;

namespace DirectoryService.Lists;

/// <summary>
/// Selects one page from rows that arrive in the order of their SCIM ids. For a sorted page it keeps only the first rows up to
/// the end of the page.
/// </summary>
internal sealed class PageWindow<T>(ListQuery query, Func<T, Guid> id)
{
    private readonly List<(SortKey Key, T Row)> sorted = [];
    private readonly Queue<T> plain = new();
    private int passed;

    internal IReadOnlyList<T> Items => query.SortBy is null
        ? [.. plain]
        : [.. sorted.Skip(query.Page.Offset).Take(query.Page.Count).Select(pair => pair.Row)];

    /// <summary>Sort keys of the rows of a sorted page.</summary>
    internal IReadOnlyList<SortKey> Keys => [.. sorted.Skip(query.Page.Offset).Take(query.Page.Count).Select(pair => pair.Key)];

    internal void Add(T row, JsonObject shown)
    {
        if (query.SortBy is { } path) AddSorted(SortKey.Of(path, shown, query.Descending, passed++), row);
        else AddPlain(row);
    }

    private void AddPlain(T row)
    {
        switch (query.From)
        {
            case null:
                if (passed++ >= query.Page.Offset && plain.Count < query.Page.Count) plain.Enqueue(row);
                break;
            case { Backwards: false } from:
                if (Compare(id(row), from.Id) > 0 && plain.Count < query.Page.Count) plain.Enqueue(row);
                break;
            case { Backwards: true } from:
                if (Compare(id(row), from.Id) >= 0 || query.Page.Count == 0) break;
                plain.Enqueue(row);
                if (plain.Count > query.Page.Count) plain.Dequeue();
                break;
        }
    }

    private void AddSorted(SortKey key, T row)
    {
        var reach = query.Page.Offset + query.Page.Count;
        if (sorted.Count == reach && (reach == 0 || sorted[^1].Key.CompareTo(key) <= 0)) return;
        var place = sorted.BinarySearch((key, row), Comparer<(SortKey Key, T Row)>.Create((left, right) => left.Key.CompareTo(right.Key)));
        sorted.Insert(place < 0 ? ~place : place, (key, row));
        if (sorted.Count > reach) sorted.RemoveAt(reach);
    }

    /// <summary>Compares UUIDs by their text, as the database orders them.</summary>
    private static int Compare(Guid left, Guid right) => string.CompareOrdinal(left.ToString(), right.ToString());
}
