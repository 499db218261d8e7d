using Microsoft.Extensions.Logging;

namespace ServiceDefaults.BackgroundLoops;

/// <summary>
/// Runs a pass again and again until the service stops.
/// <code>
/// pass ─► pause ─► pass …
///  └ fails ─► logged ─► back-off, longer each time ─► pass
/// </code>
/// An exception that leaves a <c>BackgroundService</c> ends the whole host. Therefore the loop catches every exception instead
/// of a list of expected ones, which is never complete: RabbitMQ.Client threw <c>TaskCanceledException</c> when the broker
/// hung. Every exception is logged and the pass is tried again; only the stop of the service ends the loop.
/// </summary>
/// <param name="work">Description of a pass, for the log.</param>
/// <param name="longestBackOff">The longest back-off; 5 s by default, so that work resumes soon after an outage.</param>
public sealed partial class BackgroundLoop(string work, TimeProvider clock, ILogger log, TimeSpan? longestBackOff = null)
{
    private static readonly TimeSpan ShortestBackOff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly BackOff backOff = new(ShortestBackOff, longestBackOff ?? LongestBackOff);

    /// <summary>Runs a pass at once, and again <paramref name="period"/> after each successful one.</summary>
    public Task EveryAsync(TimeSpan period, Func<CancellationToken, Task> pass, CancellationToken stopping) => RunAsync(
        async cancellationToken =>
        {
            await pass(cancellationToken);
            await Task.Delay(period, clock, cancellationToken);
        },
        stopping);

    /// <summary>Runs passes without a pause; a pass waits by itself for new work.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> pass, CancellationToken stopping)
    {
        // A pass that never awaits must not block the start of the host.
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await pass(stopping);
                if (backOff.Succeeded() is > 0 and var failures) Recovered(work, failures);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                var pause = backOff.Failed();
                if (backOff.ShouldLog) Failed(error, work, pause, backOff.Failures);
                await Task.Delay(pause, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Work} failed and is tried again in {Pause} (failures in a row: {Failures})")]
    private partial void Failed(Exception error, string work, TimeSpan pause, int failures);

    [LoggerMessage(LogLevel.Information, "{Work} succeeded after {Failures} failures")]
    private partial void Recovered(string work, int failures);
}
