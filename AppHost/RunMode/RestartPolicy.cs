namespace AppHost.RunMode;

/// <summary>
/// Decides when a service or server that crashed is restarted.
/// <code>
///   after First, 2·First, 4·First … at most Longest; reset once it has been healthy
///   no restart after Tries crashes in a row, if it was never healthy
/// </code>
/// </summary>
internal sealed record RestartPolicy
{
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(250);
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(5);
    public int Tries { get; init; } = 5;

    /// <param name="ends">Number of crashes in a row, including this one.</param>
    /// <param name="everHealthy">Whether it was healthy at any time since the AppHost started.</param>
    /// <returns>How long to wait before the restart; null when it is not restarted.</returns>
    internal TimeSpan? Delay(int ends, bool everHealthy)
    {
        const int doublings = 16; // beyond any sensible Longest, and no overflow
        if (!everHealthy && ends >= Tries) return null;
        var delay = First * Math.Pow(2, Math.Min(ends - 1, doublings));
        return delay < Longest ? delay : Longest;
    }
}
