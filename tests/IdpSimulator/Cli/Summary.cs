using System.Globalization;
using IdpSimulator.Wire;

namespace IdpSimulator.Cli;

/// <summary>How many requests of each kind there were, how long they took, and how they were answered.</summary>
internal static class Summary
{
    public static void Write(Recorder recorder, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(Invariant($"{"",-52} {"requests",8} {"p50 ms",8} {"p95 ms",8} {"p99 ms",8} {"max ms",8}"));
        foreach (var kind in recorder.Exchanges.GroupBy(RequestKind.Of).OrderBy(group => group.Key, StringComparer.Ordinal))
            Row(kind.Key, Latencies.Of(kind));
        Row("all", Latencies.Of(recorder.Exchanges));
        var statuses = recorder.Exchanges.GroupBy(exchange => (int)exchange.Status).OrderBy(group => group.Key);
        output.WriteLine("Answers: " + string.Join(", ", statuses.Select(group => Invariant($"{group.Count()} × {group.Key}"))));

        void Row(string name, Latencies latencies) => output.WriteLine(Invariant(
            $"{name,-52} {latencies.Count,8} {latencies.P50,8:0.0} {latencies.P95,8:0.0} {latencies.P99,8:0.0} {latencies.Max,8:0.0}"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
