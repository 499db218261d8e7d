using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Messages;

namespace DirectoryService.Scim;

/// <summary>An answer in <c>application/scim+json</c>.</summary>
internal sealed class ScimResult(int status, Func<Utf8JsonWriter, Task> write, string? location = null, string? etag = null) : IResult
{
    internal const string ContentType = "application/scim+json; charset=utf-8";

    // The answer is JSON for machines, never part of a page: names stay readable.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static readonly IResult NoContent = Results.StatusCode(StatusCodes.Status204NoContent);

    /// <summary>The client has this version already.</summary>
    internal static IResult NotModified(HttpContext http, string etag)
    {
        http.Response.Headers.ETag = etag;
        return Results.StatusCode(StatusCodes.Status304NotModified);
    }

    internal ScimResult(int status, Action<Utf8JsonWriter> write, string? location = null, string? etag = null)
        : this(status, ListResponse.AtOnce(write), location, etag) { }

    internal static ScimResult Ok(JsonObject body) => Ok(json => body.WriteTo(json));

    internal static ScimResult Ok(Action<Utf8JsonWriter> write, string? etag = null) => new(200, write, null, etag);

    internal static ScimResult Ok(Func<Utf8JsonWriter, Task> write) => new(200, write);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = status;
        if (location is not null) httpContext.Response.Headers.Location = location;
        if (etag is not null) httpContext.Response.Headers.ETag = etag;
        return WriteAsync(httpContext, write);
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
