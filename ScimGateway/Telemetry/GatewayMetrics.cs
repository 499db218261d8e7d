using System.Diagnostics.Metrics;

namespace ScimGateway.Telemetry;

internal sealed class GatewayMetrics(IMeterFactory meters)
{
    private readonly Counter<long> retries = meters.Create("Provisioning.Gateway")
        .CreateCounter<long>("provisioning.gateway.retries", "{request}", "Requests sent to a second replica because the first failed.");

    private readonly Counter<long> limited = meters.Create("Provisioning.Gateway")
        .CreateCounter<long>("provisioning.gateway.rate_limited", "{request}", "Requests answered 429.");

    public void RecordRetry(string cluster) => retries.Add(1, new KeyValuePair<string, object?>("yarp.cluster", cluster));

    public void RateLimited() => limited.Add(1);
}
