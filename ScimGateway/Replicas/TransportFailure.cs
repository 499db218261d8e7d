using Yarp.ReverseProxy.Forwarder;

namespace ScimGateway.Replicas;

/// <summary>How a request failed between the gateway and a replica.</summary>
internal enum TransportFailure
{
    /// <summary>No transport failure: the request succeeded, the client disconnected, its body was invalid, or it timed out.</summary>
    None,
    /// <summary>No connection could be made, so nothing of the request was sent.</summary>
    NotConnected,
    /// <summary>The connection broke. The replica may or may not have carried out the request.</summary>
    Lost,
}

internal static class TransportFailures
{
    public static TransportFailure Of(IForwarderErrorFeature? error) => error switch
    {
        { Error: ForwarderError.Request, Exception: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } }
            => TransportFailure.NotConnected,
        // SocketsHttpHandler reports its ConnectTimeout in this form; the activity timeout has no inner TimeoutException.
        { Error: ForwarderError.RequestTimedOut, Exception: OperationCanceledException { InnerException: TimeoutException } }
            => TransportFailure.NotConnected,
        { Error: ForwarderError.Request or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders or ForwarderError.ResponseBodyDestination }
            => TransportFailure.Lost,
        _ => TransportFailure.None,
    };

    /// <summary>
    /// Whether the request may be sent to another replica. A request that was never sent may be; a request that may have been
    /// carried out is repeated only for GET and HEAD.
    /// </summary>
    public static bool AllowsAnotherReplica(this TransportFailure failure, string method) => failure switch
    {
        TransportFailure.None => false,
        TransportFailure.NotConnected => true,
        TransportFailure.Lost => HttpMethods.IsGet(method) || HttpMethods.IsHead(method),
    };
}
