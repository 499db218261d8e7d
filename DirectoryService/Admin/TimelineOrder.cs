namespace DirectoryService.Admin;

/// <summary>
/// The order of a timeline. Versions are the order in which changes were made; times are taken when a request begins to
/// write, by the clock of its replica, and one that waited for a lock is younger by version and older by time.
/// </summary>
internal static class TimelineOrder
{
    /// <summary>
    /// Newest first. A change that stands before an earlier version by its time is told as a moment after it, so that the
    /// times of a timeline are in its order too, pages by time skip nothing, and what other services tell finds its place.
    /// What has no version stands where its time puts it.
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
