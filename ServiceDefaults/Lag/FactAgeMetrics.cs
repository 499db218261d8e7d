using System.Diagnostics.Metrics;
using Contracts.Events.V1;

namespace ServiceDefaults.Lag;

/// <summary>Histogram of the age of facts when this service commits them: the lag that was observed.</summary>
public sealed class FactAgeMetrics : IDisposable
{
    private readonly Meter meter = new("Provisioning.Facts");
    private readonly Histogram<double> age;

    public FactAgeMetrics() => age = meter.CreateHistogram<double>("provisioning.facts.age", "s", "From the directory's record of a fact to its effect here");

    internal void Applied(IEnumerable<IFact> facts, DateTimeOffset now)
    {
        foreach (var fact in facts) age.Record(Math.Max(0, (now - fact.At).TotalSeconds));
    }

    public void Dispose() => meter.Dispose();
}
