namespace IdpSimulator.Wire;

/// <summary>Latency percentiles (nearest rank) of some exchanges, in milliseconds.</summary>
public sealed record Latencies(int Count, double P50, double P95, double P99, double Max)
{
    public static Latencies Of(IEnumerable<Exchange> exchanges)
    {
        var sorted = exchanges.Select(exchange => exchange.Took.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? new(0, 0, 0, 0, 0) : new(sorted.Length, Rank(0.50), Rank(0.95), Rank(0.99), sorted[^1]);

        double Rank(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
