using Microsoft.AspNetCore.Http;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Access;

/// <summary>Detail and reason of errors that the framework finds before a handler runs.</summary>
internal static class DefaultProblemDetail
{
    private const string RetryAfterSeconds = "5";

    internal static void Add(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Detail ??= context.Exception switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } fault => RequestErrorText.Describe(context.HttpContext, fault),
            BadHttpRequestException { StatusCode: StatusCodes.Status503ServiceUnavailable } away => away.Message, // the message is ours
            { } error when TransientDatabaseFault.IsTransient(error) => TransientDatabaseFault.Detail(error, Reads(context.HttpContext.Request.Method)),
            _ => Standard(problem.Status, context.HttpContext),
        };
        if (problem.Status == StatusCodes.Status503ServiceUnavailable) context.HttpContext.Response.Headers.RetryAfter = RetryAfterSeconds;
        if (Reason(problem.Status) is { } reason) problem.Extensions.TryAdd("reason", reason);
    }

    private static string Standard(int? status, HttpContext http) => status switch
    {
        StatusCodes.Status401Unauthorized => "Send the header 'Authorization: Bearer …' with an API key, or an access token that has not expired.",
        StatusCodes.Status403Forbidden => "The role of this key or admin may not do this. Use one with a role that may.",
        StatusCodes.Status404NotFound => "There is nothing at this address. GET /openapi/api.json lists what there is; an id in it must be a UUID.",
        StatusCodes.Status405MethodNotAllowed when http.Response.Headers.Allow is [_, ..] allow => $"This address does not take {http.Request.Method}, but {string.Join(", ", allow!)}.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not take {http.Request.Method}.",
        StatusCodes.Status413PayloadTooLarge => "The body is too large. Split what it holds into several requests.",
        StatusCodes.Status415UnsupportedMediaType => "Send the body as JSON, with the header 'Content-Type: application/json'.",
        >= 500 => "Something went wrong here, and it was recorded. Try again, and tell the operator if it stays.",
        _ => "The request could not be answered.",
    };

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
