using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Projections;

namespace ServiceDefaults.Lag;

/// <summary>
/// Whether this replica applies facts. One that has waited for its database for a while shows what is no longer so, and gets
/// no requests. Messages that were set aside are told of and cost no replica its work: one message that is wrong in itself
/// must not take the whole API away.
/// </summary>
internal sealed class FactsHealth(FactBatcher batcher, LagWatch watch) : IHealthCheck
{
    /// <summary>About a quarter of a minute of tries.</summary>
    private const int TriesThatAreTooMany = 8;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var told = $"{batcher.InHand.Count} facts are in hand, {watch.SetAside} were set aside and are tried again.";
        return Task.FromResult(batcher.FailedTries >= TriesThatAreTooMany
            ? HealthCheckResult.Degraded("Facts wait for the database. " + told)
            : HealthCheckResult.Healthy(told));
    }
}
