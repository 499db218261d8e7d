using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Messages;

namespace DirectoryService.Scim;

/// <summary>An answer in <c>application/scim+json</c>.</summary>
/// <param name="location">Of the one resource that is the body.</param>
internal sealed class ScimResult(int status, Func<Utf8JsonWriter, Task> write, string? location = null, string? etag = null) : IResult
{
    internal const string ContentType = "application/scim+json; charset=utf-8";

    // The answer is JSON for machines, never part of a page: names stay readable.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static readonly IResult NoContent = Results.StatusCode(StatusCodes.Status204NoContent);

    /// <summary>The client has this version already.</summary>
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
    /// Headers of one resource. RFC 7643 §3.1 has <c>meta.location</c> equal <c>Content-Location</c>; what a write answers names it by
    /// <c>Location</c> as well, as the examples of RFC 7644 §3.3 and §3.5 do.
    /// </summary>
    /// <param name="isBody">Whether the resource is what the answer holds, or would hold.</param>
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
