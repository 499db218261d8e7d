using Microsoft.Extensions.Primitives;

namespace DirectoryService.Scim;

/// <summary>
/// The media type of responses: <c>application/scim+json</c>, or <c>application/json</c> for a client that accepts only that
/// (RFC 7644 §3.1, §3.8). Any other Accept header gets <c>application/scim+json</c> too, because there is no other
/// representation.
/// </summary>
internal static class ResponseMediaType
{
    private const string Json = "application/json";

    internal static void Choose(HttpContext context)
    {
        if (!PrefersJson(context.Request.Headers.Accept)) return;
        context.Response.OnStarting(() =>
        {
            if (context.Response.ContentType == ScimResult.ContentType) context.Response.ContentType = Json + "; charset=utf-8";
            return Task.CompletedTask;
        });
    }

    private static bool PrefersJson(StringValues accept) =>
        accept.Any(value => value?.Contains(Json, StringComparison.OrdinalIgnoreCase) == true)
        && !accept.Any(value => value?.Contains("application/scim+json", StringComparison.OrdinalIgnoreCase) == true);
}
