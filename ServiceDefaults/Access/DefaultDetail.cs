using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>What to do about a problem that the framework found before any handler ran.</summary>
internal static class DefaultDetail
{
    internal static void Add(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= context.Exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => $"The request's body is not the JSON that belongs here: {json.Message}",
        BadHttpRequestException bad => bad.Message,
        _ => context.ProblemDetails.Status switch
        {
            StatusCodes.Status401Unauthorized => "Send the header 'Authorization: Bearer …' with an API key, or an access token that has not expired.",
            StatusCodes.Status403Forbidden => "The role of this key or admin may not do this. Use one with a role that may.",
            _ => null,
        },
    };
}
