using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Model;

namespace ScimGateway.Replicas;

/// <summary>When each replica answered last: one that has requests and answers none of them hangs, long before its health tells.</summary>
internal sealed class LastAnswers(TimeProvider clock)
{
    private readonly ConditionalWeakTable<DestinationState, StrongBox<long>> at = [];

    public void Answered(DestinationState replica) => Volatile.Write(ref at.GetOrCreateValue(replica).Value, clock.GetTimestamp());

    /// <summary>How long a replica has had requests without answering one; zero when it has none.</summary>
    public TimeSpan Silence(DestinationState replica)
    {
        if (replica.ConcurrentRequestCount > 0) return clock.GetElapsedTime(Volatile.Read(ref at.GetOrCreateValue(replica).Value));
        Answered(replica); // what comes now is waited for from now
        return TimeSpan.Zero;
    }
}
