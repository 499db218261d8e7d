using Yarp.ReverseProxy.Forwarder;

namespace ScimGateway.Replicas;

/// <summary>How a request failed between the gateway and a replica.</summary>
internal enum TransportFailure
{
    /// <summary>It did not, or for another reason: the client left, its body was bad, time ran out.</summary>
    None,
    /// <summary>No connection came about, so nothing of the request has left the gateway.</summary>
    NotConnected,
    /// <summary>The connection broke: the replica may or may not have done what was asked.</summary>
    Lost,
}

internal static class TransportFailures
{
    public static TransportFailure Of(IForwarderErrorFeature? error) => error switch
    {
        { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } }
            => TransportFailure.NotConnected,
        // SocketsHttpHandler reports its ConnectTimeout so; the activity timeout has no TimeoutException inside.
        { Error: ForwarderError.RequestTimedOut, Exception: OperationCanceledException { InnerException: TimeoutException } }
            => TransportFailure.NotConnected,
        { Error: ForwarderError.Request or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination }
            => TransportFailure.Lost,
        _ => TransportFailure.None,
    };

    /// <summary>
    /// Whether another replica may be asked. What was never sent may be sent elsewhere, whatever it is; what may have been
    /// done is only asked again when doing it twice is the same as once, and the gateway trusts only GET and HEAD with that.
    /// </summary>
    public static bool AllowsAnotherReplica(this TransportFailure failure, string method) => failure switch
    {
        TransportFailure.None => false,
        TransportFailure.NotConnected => true,
        TransportFailure.Lost => HttpMethods.IsGet(method) || HttpMethods.IsHead(method),
    };
}
