using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Body;
using Microsoft.AspNetCore.Http.Features;

namespace DirectoryService.Scim;

/// <summary>Reads a request body: one JSON object, see <see cref="BodyReader"/>.</summary>
internal static class ScimBody
{
    internal static Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, BodyLimit.Small, cancellationToken);

    internal static Task<JsonObject> ReadBulkAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, BodyLimit.Bulk, cancellationToken);

    /// <summary>Reads the body of a group, which may have a million members: see <see cref="MemberIds"/>.</summary>
    internal static Task<JsonObject> ReadGroupAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, BodyLimit.Group, cancellationToken);

    private static async Task<JsonObject> ReadAsync(HttpRequest request, BodyLimit limit, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType))
            throw ScimException.UnsupportedMediaType("Send the body as application/scim+json (application/json is accepted too).");
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            // RFC 9110 §15.5.16: name the encoding that is accepted.
            request.HttpContext.Response.Headers.AcceptEncoding = "identity";
            throw ScimException.UnsupportedMediaType($"The body is encoded as {coding}; bodies are taken as they are. Send the JSON without a Content-Encoding.");
        }
        if (request.ContentLength > limit.Bytes) throw limit.Exceeded;
        // Kestrel's limit includes chunk framing; BodyReader counts only the content.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel) kestrel.MaxRequestBodySize = null;
        return await BodyReader.ReadAsync(request.BodyReader, limit, cancellationToken);
    }

    /// <summary>Whether the content type is JSON; a missing one counts as JSON.</summary>
    private static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || contentType.StartsWith("application/scim+json", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
}
