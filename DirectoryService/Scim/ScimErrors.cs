using System.Text.Json;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Body;
using ServiceDefaults.Access;
using ServiceDefaults.Storage;

namespace DirectoryService.Scim;

/// <summary>Converts exceptions under <c>/scim</c> to error responses (RFC 7644 §3.12).</summary>
internal sealed partial class ScimErrors(RequestDelegate next, ILogger<ScimErrors> log)
{
    /// <summary>Largest length of a detail, because details quote values of any length.</summary>
    private const int MaxDetail = 1_000;

    public async Task InvokeAsync(HttpContext context)
    {
        ResponseMediaType.Choose(context);
        string? scimType = null;
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var answer = Map(context, error);
            scimType = answer.ScimType;
            await WriteAsync(context, answer);
        }
        finally
        {
            ScimMetrics.Answered(context, scimType);
        }
        if (!context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            await WriteAsync(context, (context.Response.StatusCode, null, Standard(context.Response.StatusCode)));
    }

    private (int Status, string? ScimType, string Detail) Map(HttpContext context, Exception error)
    {
        switch (error)
        {
            case ScimException scim:
                return (scim.Status, scim.ScimType, scim.Message);
            case JsonException json:
                return (400, "invalidSyntax", RequestErrorText.Syntax(json, BodyLimit.Depth));
            case BadHttpRequestException { StatusCode: 413 }:
                return (413, null, Standard(413));
            case BadHttpRequestException bad:
                return (bad.StatusCode, bad.StatusCode == 400 ? "invalidSyntax" : null, bad.Message);
            case var _ when TransientDatabaseFault.IsTransient(error):
                LogUnavailable(error);
                return (503, null, TransientDatabaseFault.Detail(error, reads: HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)));
            default:
                LogUnexpected(error);
                return (500, null, Standard(500));
        }
    }

    private static string Standard(int status) => status switch
    {
        404 => "There is nothing at this address. The SCIM base URL ends in /scim/v2/{account}/{directory}, followed by /Users or /Groups.",
        405 => "This address does not take that HTTP method.",
        413 => "The body is too large. Send at most 1 MB for a user and 64 MB for a group; split large changes into several requests.",
        415 => "Send the body as application/scim+json.",
        500 => "Something went wrong here, and it was recorded. The request may or may not have been carried out: read the resource, then send the request again if needed, and tell the operator if it stays.",
        _ => "The request could not be answered.",
    };

    private static async Task WriteAsync(HttpContext context, (int Status, string? ScimType, string Detail) error)
    {
        var (allow, coding) = (context.Response.Headers.Allow, context.Response.Headers.AcceptEncoding);
        context.Response.Clear();
        context.Response.StatusCode = error.Status;
        if (error.Status == 405) context.Response.Headers.Allow = allow;
        if (error.Status == 415) context.Response.Headers.AcceptEncoding = coding;
        if (error.Status == 401) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (error.Status == 503) context.Response.Headers.RetryAfter = "5";
        await ScimResult.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("schemas");
            json.WriteStringValue(Urns.Error);
            json.WriteEndArray();
            json.WriteString("status", error.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (error.ScimType is not null) json.WriteString("scimType", error.ScimType);
            json.WriteString("detail", error.Detail.Length <= MaxDetail ? error.Detail : error.Detail[..MaxDetail] + "…");
            json.WriteEndObject();
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A SCIM request failed unexpectedly.")]
    private partial void LogUnexpected(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A SCIM request could not reach the database.")]
    private partial void LogUnavailable(Exception error);
}
