namespace DirectoryService.Admin.Timelines;

/// <summary>
/// Orders a timeline. Versions are the order of the changes. Times are taken before a request writes, by the clock of its
/// replica, so a request that waited for a lock has a higher version but an earlier time.
/// </summary>
internal static class TimelineOrder
{
    /// <summary>
    /// Sorts newest first. A change whose time is before that of an earlier version gets a time just after it, so that times
    /// and versions have the same order, pages by time skip nothing, and entries of other services are placed correctly.
    /// Entries without a version are ordered by time.
    /// </summary>
    internal static IReadOnlyList<TimelineEntry> NewestFirst(IReadOnlyCollection<TimelineEntry> entries)
    {
        var ordered = new List<TimelineEntry>(entries.Where(entry => entry.Version is null));
        var last = DateTimeOffset.MinValue;
        foreach (var entry in entries.Where(entry => entry.Version is not null).OrderBy(entry => entry.Version))
        {
            last = entry.At > last ? entry.At : last.AddMicroseconds(1);
            ordered.Add(entry with { At = last });
        }
        return [.. ordered.OrderByDescending(entry => entry.At)];
    }
}
