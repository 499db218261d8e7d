using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Projections;

namespace ServiceDefaults.Lag;

/// <summary>
/// Health check: whether this replica applies facts. A replica that has waited for its database for a while has outdated
/// projections and is unhealthy. Dead letters are reported but do not make it unhealthy: one faulty message must not take down
/// the API.
/// </summary>
internal sealed class FactConsumerHealthCheck(FactBatcher batcher, QueueLagMonitor watch) : IHealthCheck
{
    /// <summary>Failures after which the replica is unhealthy: about 15 s of tries.</summary>
    private const int TriesThatAreTooMany = 8;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var told = $"{batcher.Pending.Count} facts are in hand, {watch.SetAside} were set aside and are tried again.";
        return Task.FromResult(batcher.FailedTries >= TriesThatAreTooMany
            ? HealthCheckResult.Degraded("Facts wait for the database. " + told)
            : HealthCheckResult.Healthy(told));
    }
}
