using System.Diagnostics;

namespace Bench.Running;

/// <summary>Requests that are due at a fixed rate, whether or not those before are answered.</summary>
internal static class Pace
{
    /// <summary>Milliseconds from when each was due until it had ended.</summary>
    internal static async Task<double[]> RunAsync(double perSecond, int count, Func<int, Task> request, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var running = new Task<double>[count];
        for (var n = 0; n < count; n++)
        {
            var due = TimeSpan.FromSeconds(n / perSecond);
            if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } early) await Task.Delay(early, cancellationToken);
            running[n] = MeasureAsync(n, due);
        }
        return await Task.WhenAll(running);

        async Task<double> MeasureAsync(int n, TimeSpan due)
        {
            await request(n);
            return (Stopwatch.GetElapsedTime(began) - due).TotalMilliseconds;
        }
    }
}
