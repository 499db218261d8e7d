using Microsoft.Extensions.Logging;

namespace ServiceDefaults.BackgroundLoops;

/// <summary>
/// What a service does again and again until it stops.
/// <code>
/// pass ─► waits as it needs to ─► pass …
///  └ fails ─► is told of ─► back-off, longer each time ─► pass
/// </code>
/// An exception that leaves a <c>BackgroundService</c> ends the whole host. So the loop does not list the exceptions that it
/// expects, because no such list is complete: a broker that hangs made RabbitMQ.Client throw <c>TaskCanceledException</c>.
/// Everything but the service's own stop is caught, told of and tried again.
/// </summary>
/// <param name="work">What a pass does, for the log.</param>
/// <param name="longestBackOff">5 s unless told otherwise: work goes on soon after what was away is back.</param>
public sealed partial class BackgroundLoop(string work, TimeProvider clock, ILogger log, TimeSpan? longestBackOff = null)
{
    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly BackOff backOff = new(ShortestBackOff, longestBackOff ?? LongestBackOff);

    /// <summary>A pass at once, and again <paramref name="period"/> after each one that went well.</summary>
    public Task EveryAsync(TimeSpan period, Func<CancellationToken, Task> pass, CancellationToken stopping) => RunAsync(
        async cancellationToken =>
        {
            await pass(cancellationToken);
            await Task.Delay(period, clock, cancellationToken);
        },
        stopping);

    /// <summary>Pass after pass. A pass waits by itself for what it needs.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> pass, CancellationToken stopping)
    {
        // A pass that never waits must not hold up the start of the host.
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await pass(stopping);
                if (backOff.Succeeded() is > 0 and var failures) GoesOn(work, failures);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                var pause = backOff.Failed();
                if (backOff.IsWorthTelling) Failed(error, work, pause, backOff.Failures);
                await Task.Delay(pause, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Work} failed and is tried again in {Pause} (failures in a row: {Failures})")]
    private partial void Failed(Exception error, string work, TimeSpan pause, int failures);

    [LoggerMessage(LogLevel.Information, "{Work} goes on after {Failures} failures")]
    private partial void GoesOn(string work, int failures);
}
