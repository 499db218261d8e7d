namespace DirectoryService;

internal static class Clock
{
    /// <summary>Now, to the microsecond: what PostgreSQL keeps, so that a time read back equals the one written.</summary>
    internal static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
