namespace ScimGateway.Replicas;

/// <summary>
/// Gives a request that changes something and has no body an empty one. SocketsHttpHandler sends a request without content
/// again, by itself, when a connection is closed before the answer: a DELETE that was carried out would be carried out
/// twice and answered 404, or 503 as if it had never been sent. What has begun to send its content it does not repeat.
/// </summary>
internal sealed class SentOnce(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is null && !IsSafe(request.Method)) request.Content = new ByteArrayContent([]);
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>RFC 9110 §9.2.1: asked twice is the same as asked once.</summary>
    private static bool IsSafe(HttpMethod method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Trace || method == HttpMethod.Connect;
}
