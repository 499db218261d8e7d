using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NativeServers;

/// <summary>
/// A health check that tries again for a while before it says "unhealthy". Aspire asks a resource that is not healthy yet
/// after 1, 2, 3, 4 and then every 5 seconds, so a server that needs six seconds to start would be seen after ten; this one
/// answers as soon as the server does.
/// </summary>
/// <param name="probe">Throws when the server does not do its work.</param>
/// <param name="isFinal">Whether trying again cannot help.</param>
public sealed class PatientHealthCheck(Func<CancellationToken, Task> probe, Func<Exception, bool>? isFinal = null) : IHealthCheck
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

            await Task.WhenAny(Task.Delay(Pause, patience.Token)); // its cancellation is seen by the next probe
        }
    }
}
