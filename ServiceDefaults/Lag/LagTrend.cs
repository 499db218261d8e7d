namespace ServiceDefaults.Lag;

/// <summary>Number of waiting facts over a sliding window.</summary>
internal sealed class LagTrend(TimeSpan window, long threshold)
{
    private const int Fewest = 3;

    private readonly Lock gate = new();
    private readonly Queue<(DateTimeOffset At, long Waiting)> samples = [];

    internal void Add(DateTimeOffset at, long waiting)
    {
        lock (gate)
        {
            samples.Enqueue((at, waiting));
            while (at - samples.Peek().At > window) samples.Dequeue();
        }
    }

    /// <summary>
    /// Whether the count is above the threshold and the later half of the window is above the earlier half. A large burst that
    /// is being processed does not count as growing.
    /// </summary>
    internal bool Growing
    {
        get
        {
            lock (gate)
            {
                if (samples.Count < Fewest || samples.Last().Waiting < threshold) return false;
                var half = samples.Count / 2;
                return samples.Skip(samples.Count - half).Average(sample => sample.Waiting) > samples.Take(half).Average(sample => sample.Waiting)
                    && samples.Last().Waiting > samples.First().Waiting;
            }
        }
    }
}
