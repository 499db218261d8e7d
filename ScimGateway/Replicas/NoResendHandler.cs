namespace ScimGateway.Replicas;

/// <summary>
/// Gives a write without a body an empty body. SocketsHttpHandler repeats a request without content by itself when the
/// connection is closed before the response: a DELETE that was carried out would be sent twice and answered with 404, or with
/// 503 as if it had never been sent. A request whose content has begun to be sent is not repeated.
/// </summary>
internal sealed class NoResendHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && !IsSafe(request.Method)) request.Content = new ByteArrayContent([]);
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>Safe methods of RFC 9110 §9.2.1: repeating them changes nothing.</summary>
    private static bool IsSafe(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Trace || method == HttpMethod.Connect;
}
