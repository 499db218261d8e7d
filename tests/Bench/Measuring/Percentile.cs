namespace Bench.Measuring;

internal static class Percentile
{
    /// <summary>The nearest rank: a value that was really measured.</summary>
    /// <param name="share">0 to 1.</param>
    internal static double Of(IReadOnlyCollection<double> values, double share)
    {
        if (values.Count == 0) throw new ArgumentException("Nothing was measured.", nameof(values));
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    internal static double Median(IReadOnlyCollection<double> values) => Of(values, 0.5);
}
