using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Access;

/// <summary>What to do about a problem that the framework found before any handler ran, and one word for it.</summary>
internal static class DefaultDetail
{
    private const string RetryAfterSeconds = "5";

    internal static void Add(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Detail ??= context.Exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => $"The request's body is not the JSON that belongs here: {json.Message}",
            BadHttpRequestException bad => bad.Message,
            { } error when TransientFault.Passes(error) => TransientFault.Detail(error, Reads(context.HttpContext.Request.Method)),
            _ => problem.Status switch
            {
                StatusCodes.Status401Unauthorized => "Send the header 'Authorization: Bearer …' with an API key, or an access token that has not expired.",
                StatusCodes.Status403Forbidden => "The role of this key or admin may not do this. Use one with a role that may.",
                _ => null,
            },
        };
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        if (Reason(problem.Status) is { } reason) problem.Extensions.TryAdd("reason", reason);
    }

    private static bool Reads(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static string? Reason(int? status) => status switch
    {
        StatusCodes.Status400BadRequest => "malformedRequest",
        StatusCodes.Status401Unauthorized => "notAuthenticated",
        StatusCodes.Status403Forbidden => "notAllowed",
        StatusCodes.Status404NotFound => "notFound",
        StatusCodes.Status405MethodNotAllowed => "methodNotAllowed",
        StatusCodes.Status415UnsupportedMediaType => "unsupportedMediaType",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => null,
    };
}
