using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>
/// Records when each replica answered last. A replica that has requests and answers none of them hangs; this shows it long
/// before the health check does.
/// </summary>
internal sealed class ReplicaResponseTracker(TimeProvider clock)
{
    private readonly ConditionalWeakTable<DestinationState, StrongBox<long>> at = [];

    public void RecordAnswer(DestinationState replica) => Volatile.Write(ref at.GetOrCreateValue(replica).Value, clock.GetTimestamp());

    /// <summary>How long a replica has had requests without answering any; zero when it has none.</summary>
    public TimeSpan TimeWithoutAnswer(DestinationState replica)
    {
        if (replica.ConcurrentRequestCount > 0) return clock.GetElapsedTime(Volatile.Read(ref at.GetOrCreateValue(replica).Value));
        RecordAnswer(replica); // it had no requests: measure from now on
        return TimeSpan.Zero;
    }
}
