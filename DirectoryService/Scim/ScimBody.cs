using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;

namespace DirectoryService.Scim;

/// <summary>Reads a request body: one JSON object, UTF-8, no name twice, at most 32 deep.</summary>
internal static class ScimBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    internal static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType))
            throw ScimException.UnsupportedMediaType("Send the body as application/scim+json (application/json is accepted too).");
        var node = await JsonNode.ParseAsync(request.Body, documentOptions: Strict, cancellationToken: cancellationToken);
        return node as JsonObject ?? throw ScimException.InvalidSyntax("The body must be a JSON object.");
    }

    /// <summary>A missing content type is taken for JSON: nothing else is ever sent here.</summary>
    private static bool IsJson(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || contentType.StartsWith("application/scim+json", StringComparison.OrdinalIgnoreCase)
        || contentType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
}
