namespace ServiceDefaults.Lag;

/// <summary>Counts of facts that wait, over a sliding window.</summary>
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
    /// Above the threshold now, and the later half of the window lies above the earlier one: a burst that is being worked
    /// off does not grow, however long it is.
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
