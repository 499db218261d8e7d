namespace LocalRuntime.Hosting;

/// <summary>What a process that ended by itself is to the system.</summary>
internal enum Lifespan
{
    /// <summary>It serves until it is stopped; any end is a crash.</summary>
    Serves,

    /// <summary>It runs to its end, and that is that: awaited for completion, or started by hand.</summary>
    RunsOnce,

    /// <summary>Neither is known: success ends it, failure is a crash.</summary>
    Works,
}

/// <summary>
/// What follows when a process ended by itself.
/// <code>
///   RunsOnce, or Works with exit code 0 ──► over
///   otherwise ──► again after First, 2·First, 4·First … Longest; counted anew once it has been healthy for a while
///   Tries ends in a row without ever having been healthy ──► given up
/// </code>
/// </summary>
internal sealed record RestartPolicy
{
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);
    public int Tries { get; init; } = 5;

    /// <summary>What was healthy for less was perhaps only not asked before it fell.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A process that was healthy for this long starts with a clean slate.</summary>
    public TimeSpan Forgiven { get; init; } = TimeSpan.FromSeconds(30);

    /// <param name="ends">How often in a row it ended, this end included.</param>
    internal AfterEnd Decide(Lifespan lifespan, int exitCode, int ends, bool everHealthy) => lifespan switch
    {
        Lifespan.RunsOnce => new AfterEnd.Over(),
        Lifespan.Works when exitCode == 0 => new AfterEnd.Over(),
        Lifespan.Works or Lifespan.Serves => !everHealthy && ends >= Tries ? new AfterEnd.GiveUp() : new AfterEnd.Again(Delay(ends)),
    };

    private TimeSpan Delay(int ends)
    {
        const int doublings = 16; // beyond any sensible Longest, and no overflow
        var delay = First * Math.Pow(2, Math.Min(ends - 1, doublings));
        return delay < Longest ? delay : Longest;
    }
}

internal abstract record AfterEnd
{
    internal sealed record Over : AfterEnd;

    internal sealed record Again(TimeSpan Delay) : AfterEnd;

    internal sealed record GiveUp : AfterEnd;
}
