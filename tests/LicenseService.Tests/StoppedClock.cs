namespace LicenseService.Tests;

/// <summary>
/// Stands still until the test lets time pass, so that what waits for a limited time waits as long as the machine needs; and
/// tells how often it was asked, by which a test sees that somebody waits.
/// </summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly DateTimeOffset began = System.GetUtcNow();
    private long passed;
    private int asked;

    internal int Asked => Volatile.Read(ref asked);

    internal void Pass(TimeSpan time) => Interlocked.Add(ref passed, time.Ticks);

    public override DateTimeOffset GetUtcNow()
    {
        Interlocked.Increment(ref asked);
        return began + TimeSpan.FromTicks(Interlocked.Read(ref passed));
    }
}
