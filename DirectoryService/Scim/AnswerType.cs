using Microsoft.Extensions.Primitives;

namespace DirectoryService.Scim;

/// <summary>
/// Answers are <c>application/scim+json</c>; a client that accepts <c>application/json</c> and does not name SCIM's type gets
/// that (RFC 7644 §3.1, §3.8). Any other Accept is answered all the same: there is nothing else to have.
/// </summary>
internal static class AnswerType
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
