using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// What is created and changed in one directory goes to one replica, its home, which does together what comes at the same
/// time; spread over replicas each would have half of the company. Homes are found by rendezvous hashing, so that all gateways
/// agree without asking each other, other directories have other homes, and a replica that goes takes only its own directories'
/// homes with it. A home that has <see cref="GatewayOptions.WritesTogether"/> requests in flight needs help more than company,
/// and one that is silent may hang: then, and for everything else, the less busy of two random replicas is taken.
/// </summary>
internal sealed class HomeReplica(LastAnswers answers, IOptions<GatewayOptions> options) : ILoadBalancingPolicy
{
    public const string PolicyName = "HomeReplica";

    /// <summary>Few requests take longer alone, and those lose nothing by not having company.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly int together = options.Value.WritesTogether;

    public string Name => PolicyName;

    public DestinationState? PickDestination(HttpContext context, ClusterState cluster, IReadOnlyList<DestinationState> availableDestinations)
    {
        if (availableDestinations.Count < 2) return availableDestinations is [var only] ? only : null;
        if (GainsByCompany(context.Request) && Guid.TryParse(context.Request.RouteValues["directory"] as string, out var directory))
        {
            var home = availableDestinations.MaxBy(destination => Affinity(directory, destination))!;
            if (home.ConcurrentRequestCount < together && answers.Silence(home) < Patience) return home;
        }
        return LessBusyOfTwo(availableDestinations);
    }

    /// <summary>Searches by POST are reads; a PUT replaces by itself.</summary>
    private static bool GainsByCompany(HttpRequest request) =>
        HttpMethods.IsPatch(request.Method)
        || (HttpMethods.IsPost(request.Method) && !request.Path.Value!.EndsWith("/.search", StringComparison.OrdinalIgnoreCase));

    private static ulong Affinity(Guid directory, DestinationState replica)
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
