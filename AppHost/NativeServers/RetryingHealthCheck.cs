using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NativeServers;

/// <summary>
/// A health check that retries for a while before it reports "unhealthy". Aspire checks a resource that is not healthy yet
/// after 1, 2, 3, 4 and then every 5 seconds, so a server that starts within six seconds would be seen as healthy after ten;
/// this check returns as soon as the server answers.
/// </summary>
/// <param name="probe">Throws when the server does not work.</param>
/// <param name="isFinal">Whether the error is permanent, so that there is no retry.</param>
public sealed class RetryingHealthCheck(Func<CancellationToken, Task> probe, Func<Exception, bool>? isFinal = null) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(150);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        Exception? failure = null;
        while (true)
        {
            try
            {
                await probe(patience.Token);
                return HealthCheckResult.Healthy();
            }
            catch (OperationCanceledException) when (patience.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return HealthCheckResult.Unhealthy(failure?.Message ?? $"There is no answer within {Patience.TotalSeconds:0} s.");
            }
            catch (Exception error)
            {
                if (isFinal?.Invoke(error) is true) return HealthCheckResult.Unhealthy(error.Message);
                failure = error;
            }

            await Task.WhenAny(Task.Delay(Pause, patience.Token)); // the next probe observes the cancellation
        }
    }
}
