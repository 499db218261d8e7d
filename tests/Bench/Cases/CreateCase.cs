using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>Case a: <c>POST /Users</c> through the gateway, against pgbench writing the same rows on the same server.</summary>
internal sealed class CreateCase(MeasuredSystem system, BenchOptions options, Report report)
{
    private static readonly int[] Connections = [1, 8, 32];
    private static readonly TimeSpan DrainBound = TimeSpan.FromMinutes(10);
    private int created;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await RateAsync(8, TimeSpan.FromSeconds(2), [], cancellationToken); // the runtime compiles what is hot while it runs
        await DrainAsync(cancellationToken);
        var pgbench = new Pgbench(system);
        await pgbench.PrepareAsync(cancellationToken);
        foreach (var connections in Connections)
        {
            var (accepted, sustained, drains, ceilings, latencies) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < options.Rounds; round++)
            {
                report.Progress($"a: {connections} connections, round {round + 1} of {options.Rounds}");
                var rate = await RateAsync(connections, TimeSpan.FromSeconds(options.Seconds), latencies, cancellationToken);
                var drain = await DrainAsync(cancellationToken);
                accepted.Add(rate);
                drains.Add(drain.TotalSeconds);
                sustained.Add(rate * options.Seconds / (options.Seconds + drain.TotalSeconds));
                ceilings.Add(await pgbench.RateAsync(connections, options.Seconds, cancellationToken));
            }

            var at32 = connections == Connections[^1];
            var ceiling = Percentile.Median(ceilings);
            report.Add('a', $"pgbench, {connections} clients", ceiling, "/s");
            report.Add('a', $"POST /Users accepted, {connections} connections", Percentile.Median(accepted), "/s");
            report.Add('a', $"accepted : pgbench, {connections}", Percentile.Median(accepted) / ceiling, "", at32 ? Goal.AtLeast(1.0 / 3, 0.5) : null);
            report.Add('a', $"with the time to publish the backlog : pgbench, {connections}", Percentile.Median(sustained) / ceiling, "", at32 ? Goal.AtLeast(0.25) : null);
            report.Add('a', $"backlog published after, {connections}", Percentile.Median(drains), "s");
            report.Add('a', $"p50 / full load, {connections}", Percentile.Median(latencies), "ms");
            report.Add('a', $"p99 / full load, {connections}", Percentile.Of(latencies, 0.99), "ms");
        }
        await pgbench.DropAsync(cancellationToken);
    }

    private async Task<double> RateAsync(int connections, TimeSpan time, List<double> latencies, CancellationToken cancellationToken)
    {
        using var scim = new ScimRequests(system.Directory, connections);
        var began = Stopwatch.GetTimestamp();
        var workers = await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            var mine = new List<double>();
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var number = Interlocked.Increment(ref created).ToString(CultureInfo.InvariantCulture);
                mine.Add(await scim.MeasureAsync(HttpMethod.Post, "/Users", Person.Body($"new.{number}@bench.example", $"new-{number}"), HttpStatusCode.Created, cancellationToken));
            }
            return mine;
        }));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var each in workers) latencies.AddRange(each);
        return workers.Sum(each => each.Count) / took;
    }

    /// <summary>How long the relay takes to publish what stands in the outbox.</summary>
    private async Task<TimeSpan> DrainAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            await using var command = system.Database.CreateCommand("SELECT NOT EXISTS (SELECT FROM outbox WHERE parked_at IS NULL)");
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!) return Stopwatch.GetElapsedTime(began);
        }
        while (Stopwatch.GetElapsedTime(began) < DrainBound && await poll.WaitForNextTickAsync(cancellationToken));
        throw new InvalidOperationException($"The outbox was not published within {DrainBound}.");
    }
}
