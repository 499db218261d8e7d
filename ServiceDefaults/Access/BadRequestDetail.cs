using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Access;

/// <summary>What could not be read of a request (its JSON, a query parameter) is said in the problem's detail.</summary>
internal static class BadRequestDetail
{
    internal static void Add(ProblemDetailsContext context)
    {
        if (context.Exception is not BadHttpRequestException bad || context.ProblemDetails.Detail is not null) return;
        context.ProblemDetails.Detail = bad.InnerException is JsonException json
            ? $"The request's body is not the JSON that belongs here: {json.Message}"
            : bad.Message;
    }
}
