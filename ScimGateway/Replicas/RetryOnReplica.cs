using ScimGateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// Retries a request once on another replica when the first failed before it answered (see <see cref="TransportFailures"/>).
/// The load balancing and forwarding middlewares run a second time, without the failed replica.
/// </summary>
internal sealed class RetryOnReplica(RequestDelegate next, GatewayMetrics metrics, ILogger<RetryOnReplica> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var available = proxy.AvailableDestinations;
        await next(context);

        var failure = TransportFailures.Of(context.Features.Get<IForwarderErrorFeature>());
        if (proxy.ProxiedDestination is not { } failed
            || !failure.AllowsAnotherReplica(context.Request.Method)
            || context.Response.HasStarted
            || context.RequestAborted.IsCancellationRequested)
            return;

        var others = Without(available, failed);
        if (others.Count == 0) others = Without(proxy.AllDestinations, failed);
        if (others.Count == 0) return;

        log.TryingAnother(failed.DestinationId, failure);
        metrics.RecordRetry(proxy.Cluster.Config.ClusterId);
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.Clear();
        proxy.AvailableDestinations = others;
        await next(context);
    }

    private static List<DestinationState> Without(IReadOnlyList<DestinationState> destinations, DestinationState failed) =>
        [.. destinations.Where(destination => destination != failed)];
}

internal static partial class RetryOnReplicaLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Destination} failed ({Failure}); retrying on another replica")]
    public static partial void TryingAnother(this ILogger log, string destination, TransportFailure failure);
}
