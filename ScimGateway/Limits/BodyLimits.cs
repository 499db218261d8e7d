using ScimGateway.Errors;
using ScimGateway.Routing;

namespace ScimGateway.Limits;

/// <summary>
/// Refuses a body by its headers, before any of it is read: too long, encoded (a compressed body would pass under the
/// limit), or under <c>/scim</c> of another media type. A body without a length is counted while it streams; Kestrel ends
/// it at the route's limit, and it is never held in memory.
/// </summary>
internal sealed class BodyLimits(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var refusal = Refusal(context.Request, context.GetReverseProxyFeature().Route.Config.MaxRequestBodySize);
        return refusal is null ? next(context) : ErrorWriter.WriteAsync(context, refusal);
    }

    private static GatewayError? Refusal(HttpRequest request, long? limit)
    {
        if (request.ContentLength > limit) return GatewayError.TooLarge(limit);
        if (!string.IsNullOrEmpty(request.Headers.ContentEncoding) && request.Headers.ContentEncoding != "identity")
            return new(StatusCodes.Status415UnsupportedMediaType, "Request bodies are taken as they are, without a Content-Encoding; send the JSON uncompressed.");
        if (PublicPath.IsScim(request.Path) && !ScimMediaType.Accepts(request.ContentType))
            return new(StatusCodes.Status415UnsupportedMediaType, "Send the request body as application/scim+json or application/json.");
        return null;
    }
}
