using Microsoft.Net.Http.Headers;

namespace ScimGateway.Limits;

/// <summary>RFC 7644 §3.1 and §8.1: both JSON media types with any parameters. A request without Content-Type is left to the service.</summary>
internal static class ScimMediaType
{
    public static bool Accepts(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.MediaType.Equals("application/scim+json", StringComparison.OrdinalIgnoreCase)
                || type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)));
}
