using System.Diagnostics.Metrics;

namespace DirectoryService.Events;

/// <summary>Metrics of the relay.</summary>
internal static class OutboxRelayMetrics
{
    private static readonly Meter Meter = new("Provisioning.Relay");

    private static readonly Counter<long> Published = Meter.CreateCounter<long>(
        "provisioning.facts.published", "{fact}", "Facts that the broker has confirmed");

    private static readonly Histogram<double> Waited = Meter.CreateHistogram<double>(
        "provisioning.outbox.wait.duration", "s", "From the directory's record of a fact to the broker's confirm");

    internal static void Confirmed(IReadOnlyCollection<Contracts.Events.V1.IFact> facts, DateTimeOffset now)
    {
        Published.Add(facts.Count);
        if (!Waited.Enabled) return;
        foreach (var fact in facts) Waited.Record(Math.Max(0, (now - fact.At).TotalSeconds));
    }
}
