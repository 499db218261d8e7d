using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// Passive health policy: a replica that refuses a connection gets no requests for a while; one refusal is enough. A broken
/// connection does not count; the active health check decides then. Answers are recorded for <see cref="ReplicaAffinity"/>.
/// </summary>
internal sealed class RefusedConnectionPolicy(IDestinationHealthUpdater health, ReplicaResponseTracker answers) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "RefusedConnection";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        var error = context.Features.Get<IForwarderErrorFeature>();
        if (error is null) answers.RecordAnswer(destination);
        if (TransportFailures.Of(error) != TransportFailure.NotConnected) return;
        var pause = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.FromSeconds(5);
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, pause);
    }
}
