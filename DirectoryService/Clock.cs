namespace DirectoryService;

internal static class Clock
{
    /// <summary>
    /// The current time in whole microseconds, the precision of PostgreSQL, so that a stored time equals the one read back.
    /// </summary>
    internal static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
