using Microsoft.AspNetCore.Http.Features;
using ScimGateway.Errors;
using ScimGateway.Routing;

namespace ScimGateway.Limits;

/// <summary>
/// Refuses a body by its headers, before it is read: too long, encoded (a compressed body could evade the limit), or under
/// <c>/scim</c> not JSON. A body without Content-Length is counted while it streams. No body is buffered.
/// </summary>
internal sealed class BodyLimits(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var limit = RouteTable.BodyLimit(context.GetReverseProxyFeature().Route.Config);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel) kestrel.MaxRequestBodySize = null;
        if (Refusal(context.Request, limit) is { } refusal)
        {
            // RFC 9110 §15.5.16: name the encoding that is accepted.
            if (IsEncoded(context.Request)) context.Response.Headers.AcceptEncoding = "identity";
            return ErrorWriter.WriteAsync(context, refusal);
        }
        if (context.Request.ContentLength is null) context.Request.Body = new LimitedBodyStream(context.Request.Body, limit);
        return next(context);
    }

    private static bool IsEncoded(HttpRequest request) => !string.IsNullOrEmpty(request.Headers.ContentEncoding) && request.Headers.ContentEncoding != "identity";

    private static GatewayError? Refusal(HttpRequest request, long limit)
    {
        if (request.ContentLength > limit) return GatewayError.TooLarge(limit);
        if (IsEncoded(request))
            return new(StatusCodes.Status415UnsupportedMediaType, "Request bodies are taken as they are, without a Content-Encoding; send the JSON uncompressed.");
        if (PublicPath.IsScim(request.Path) && !ScimMediaType.Accepts(request.ContentType))
            return new(StatusCodes.Status415UnsupportedMediaType, "Send the request body as application/scim+json or application/json.");
        return null;
    }
}
