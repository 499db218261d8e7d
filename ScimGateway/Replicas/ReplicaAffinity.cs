using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// Load balancing with affinity: POST and PATCH requests of one directory go to one replica, which coalesces concurrent writes
/// into one transaction; spread over replicas fewer writes would coalesce. The replica is chosen by rendezvous hashing, so that
/// all gateways agree without communication, directories are spread over the replicas, and the loss of a replica moves only its
/// own directories. When the replica has <see cref="GatewayOptions.WritesTogether"/> requests in flight, or has not answered
/// for a while, and for all other requests, the less busy of two random replicas is chosen.
/// </summary>
internal sealed class ReplicaAffinity(ReplicaResponseTracker answers, IOptions<GatewayOptions> options) : ILoadBalancingPolicy
{
    public const string PolicyName = "HomeReplica";

    /// <summary>
    /// A replica that has requests and has answered none of them for this time loses its affinity. Few requests take longer by
    /// themselves, and those need no affinity.
    /// </summary>
    private static readonly TimeSpan AffinityTimeout = TimeSpan.FromSeconds(1);

    private readonly int together = options.Value.WritesTogether;

    public string Name => PolicyName;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count < 2) return availableDestinations is [var only] ? only : null;
        if (CanBeCoalesced(context.Request) && Guid.TryParse(context.Request.RouteValues["directory"] as string, out var directory))
        {
            var home = availableDestinations.MaxBy(destination => SelectReplica(directory, destination))!;
            if (home.ConcurrentRequestCount < together && answers.TimeWithoutAnswer(home) < AffinityTimeout) return home;
        }
        return LessBusyOfTwo(availableDestinations);
    }

    /// <summary>Whether the request is a write that can be coalesced. A search by POST is a read; PUT requests are not coalesced.</summary>
    private static bool CanBeCoalesced(HttpRequest request) =>
        HttpMethods.IsPatch(request.Method)
        || (HttpMethods.IsPost(request.Method) && !request.Path.Value!.EndsWith("/.search", StringComparison.OrdinalIgnoreCase));

    private static ulong SelectReplica(Guid directory, DestinationState replica)
    {
        Span<byte> seed = stackalloc byte[16];
        directory.TryWriteBytes(seed);
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(replica.DestinationId.AsSpan()), (long)XxHash3.HashToUInt64(seed));
    }

    private static DestinationState LessBusyOfTwo(IReadOnlyList<DestinationState> replicas)
    {
        var first = Random.Shared.Next(replicas.Count);
        var second = (first + Random.Shared.Next(1, replicas.Count)) % replicas.Count;
        return replicas[first].ConcurrentRequestCount <= replicas[second].ConcurrentRequestCount ? replicas[first] : replicas[second];
    }
}
