namespace IdpSimulator.Stories.Playing;

/// <summary>Divides users or groups into the named parts of a story; nobody is in two.</summary>
internal sealed class StoryParts<T>
{
    private readonly Dictionary<string, IReadOnlyList<T>> parts = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">There are too few for every part.</exception>
    public StoryParts(IReadOnlyList<T> all, IReadOnlyDictionary<string, int> percentages)
    {
        var taken = 0;
        foreach (var (name, percent) in percentages)
        {
            var size = Math.Max(1, all.Count * percent / 100);
            parts[name] = [.. all.Skip(taken).Take(size)];
            taken += size;
        }
        if (taken > all.Count) throw new ArgumentException($"The story needs at least {percentages.Count} and here {taken} of them; there are {all.Count}.");
        parts[StoryParts.Others] = [.. all.Skip(taken)];
        parts[StoryParts.All] = all;
    }

    public IReadOnlyList<T> this[IEnumerable<string> names] => [.. names.SelectMany(name => parts[name]).Distinct()];
}

internal static class StoryParts
{
    public const string All = "all";
    public const string Others = "others";
}
