using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// A replica that cannot be connected to gets no work for a while: one such failure is proof enough, and costs nothing.
/// A connection that broke is no proof; the active probe decides about those. What was answered is noted for <see cref="HomeReplica"/>.
/// </summary>
internal sealed class RefusedConnectionPolicy(IDestinationHealthUpdater health, LastAnswers answers) : IPassiveHealthCheckPolicy
{
    public const string PolicyName = "RefusedConnection";

    public string Name => PolicyName;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        var error = context.Features.Get<IForwarderErrorFeature>();
        if (error is null) answers.Answered(destination);
        if (TransportFailures.Of(error) != TransportFailure.NotConnected) return;
        var pause = cluster.Model.Config.HealthCheck?.Passive?.ReactivationPeriod ?? TimeSpan.FromSeconds(5);
        health.SetPassive(cluster, destination, DestinationHealth.Unhealthy, pause);
    }
}
