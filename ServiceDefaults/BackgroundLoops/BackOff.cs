namespace ServiceDefaults.BackgroundLoops;

/// <summary>Pauses between tries, each twice as long as the one before, up to <paramref name="longest"/>.</summary>
public sealed class BackOff(TimeSpan shortest, TimeSpan longest)
{
    private int failures;

    /// <summary>Tries that failed since the last success.</summary>
    public int Failures => Volatile.Read(ref failures);

    /// <summary>
    /// Whether this failure is worth a line in the log: the first, the second, the fourth, … Something that stays away for
    /// hours is told of, and does not fill the log.
    /// </summary>
    public bool IsWorthTelling => int.IsPow2(Failures);

    /// <summary>A try failed; how long to wait before the next one.</summary>
    public TimeSpan Failed()
    {
        var doublings = Math.Min(Interlocked.Increment(ref failures) - 1, 30);
        var pause = shortest * Math.Pow(2, doublings);
        return pause < longest ? pause : longest;
    }

    /// <summary>A try succeeded; returns how many had failed before it.</summary>
    public int Succeeded() => Interlocked.Exchange(ref failures, 0);
}
