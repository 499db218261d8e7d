namespace ServiceDefaults.BackgroundLoops;

/// <summary>Exponential back-off between tries: each pause is twice the one before, up to <paramref name="longest"/>.</summary>
public sealed class BackOff(TimeSpan shortest, TimeSpan longest)
{
    private int failures;

    /// <summary>Number of failures since the last success.</summary>
    public int Failures => Volatile.Read(ref failures);

    /// <summary>
    /// Whether this failure should be logged: the first, second, fourth, eighth, … An outage of hours is logged without filling
    /// the log.
    /// </summary>
    public bool ShouldLog => int.IsPow2(Failures);

    /// <summary>Records a failure and returns how long to wait before the next try.</summary>
    public TimeSpan Failed()
    {
        var doublings = Math.Min(Interlocked.Increment(ref failures) - 1, 30);
        var pause = shortest * Math.Pow(2, doublings);
        return pause < longest ? pause : longest;
    }

    /// <summary>Records a success and returns the number of failures before it.</summary>
    public int Succeeded() => Interlocked.Exchange(ref failures, 0);
}
