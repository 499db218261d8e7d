using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Messages;

namespace DirectoryService.Scim;

/// <summary>A response in <c>application/scim+json</c>.</summary>
/// <param name="location">URL of the resource in the body, if it is a single one.</param>
internal sealed class ScimResult(int status, Func<Utf8JsonWriter, Task> write, string? location = null, string? etag = null) : IResult
{
    internal const string ContentType = "application/scim+json; charset=utf-8";

    // The JSON is never embedded in HTML, so names need no escaping and stay readable.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static readonly IResult NoContent = Results.StatusCode(StatusCodes.Status204NoContent);

    /// <summary>304 Not Modified: the client already has this version.</summary>
    internal static IResult NotModified(HttpContext http, string location, string etag)
    {
        Describe(http, location, etag);
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    internal ScimResult(int status, Action<Utf8JsonWriter> write, string? location = null, string? etag = null)
        : this(status, ListResponse.AtOnce(write), location, etag) { }

    internal static ScimResult Ok(JsonObject body) => Ok(json => body.WriteTo(json));

    internal static ScimResult Ok(Action<Utf8JsonWriter> write) => new(200, write);

    internal static ScimResult Ok(Func<Utf8JsonWriter, Task> write) => new(200, write);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (location is not null) Describe(httpContext, location, etag!);
        return WriteAsync(httpContext, write);
    }

    /// <summary>
    /// Sets the headers of one resource. By RFC 7643 §3.1 <c>meta.location</c> equals <c>Content-Location</c>; responses to
    /// writes have <c>Location</c> too, as in the examples of RFC 7644 §3.3 and §3.5.
    /// </summary>
    /// <param name="isBody">Whether the body is, or would be, the resource.</param>
    internal static void Describe(HttpContext http, string location, string etag, bool isBody = true)
    {
        var headers = http.Response.Headers;
        headers.ETag = etag;
        if (isBody) headers.ContentLocation = location;
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) headers.Location = location;
    }

    internal static Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write) => WriteAsync(context, ListResponse.AtOnce(write));

    private static async Task WriteAsync(HttpContext context, Func<Utf8JsonWriter, Task> write)
    {
        context.Response.ContentType = ContentType;
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Options);
        await write(json);
        await json.FlushAsync(context.RequestAborted);
    }
}
