using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bench.Loading;
using Bench.Measuring;
using Bench.Running;

namespace Bench.Cases;

/// <summary>
/// Case a with the services that follow: the rate at which users can be created for ever, since license and policy service
/// know them by the end of it; and how long a request takes at 70% of that rate.
/// </summary>
internal sealed class SustainedLoadCase(MeasuredSystem system, BenchOptions options, Report report)
{
    private const int Connections = 32;
    private const double Share = 0.7;

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var followers = new FollowerDatabases(system);
        using var scim = new ScimRequests(system.Directory, Connections);
        var (sustained, drains, middles, tails) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < options.Rounds; round++)
        {
            report.Progress($"a: users created until both services are level, round {round + 1} of {options.Rounds}");
            var prefix = $"steady.{Guid.NewGuid():n}.";
            var (created, began) = (0, Stopwatch.GetTimestamp());
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
            {
                while (Stopwatch.GetElapsedTime(began).TotalSeconds < options.Seconds) await CreateAsync(prefix, Interlocked.Increment(ref created));
            }));
            var answered = Stopwatch.GetTimestamp();
            var (license, policy) = await followers.LevelAsync(prefix, created, 0, cancellationToken);
            drains.Add(Stopwatch.GetElapsedTime(answered, Math.Max(license, policy)).TotalSeconds);
            sustained.Add(created / Stopwatch.GetElapsedTime(began, Math.Max(license, policy)).TotalSeconds);

            // Of the rate that was seen just before: an hour or a minute later the machine may be another.
            var paced = sustained[^1] * Share;
            report.Progress($"a: {paced:0} users a second, round {round + 1} of {options.Rounds}");
            var pacedPrefix = $"paced.{Guid.NewGuid():n}.";
            var times = await Pace.RunAsync(paced, (int)(paced * options.Seconds), n => CreateAsync(pacedPrefix, n), cancellationToken);
            await followers.LevelAsync(pacedPrefix, times.Length, 0, cancellationToken);
            middles.Add(Percentile.Median(times));
            tails.Add(Percentile.Of(times, 0.99));
        }
        var rate = Percentile.Median(sustained);
        report.Add('a', "POST /Users sustained with both services level", rate, "/s");
        if (report.Results.LastOrDefault(result => result.What == $"pgbench, {Connections} clients") is { } ceiling)
            report.Add('a', $"sustained : pgbench, {Connections}", rate / ceiling.Value, "", Goal.AtLeast(0.25));
        report.Add('a', "both services level after the last answer", Percentile.Median(drains), "s");
        report.Add('a', "p50 at 70% of the sustained rate, from when each was due", Percentile.Median(middles), "ms");
        report.Add('a', "p99 of these", Percentile.Median(tails), "ms", Goal.AtMost(60));
        report.Add('a', "p99 of the worst round", tails.Max(), "ms");

        Task CreateAsync(string prefix, int number)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}");
            return scim.MeasureAsync(HttpMethod.Post, "/Users", Person.Body($"{name}@bench.example", name), HttpStatusCode.Created, cancellationToken);
        }
    }
}
