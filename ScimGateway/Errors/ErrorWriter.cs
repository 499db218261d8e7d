using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Net.Http.Headers;
using ScimGateway.Routing;

namespace ScimGateway.Errors;

internal static class ErrorWriter
{
    public static Task WriteAsync(HttpContext context, GatewayError error)
    {
        if (error.RetryAfterSeconds is { } seconds)
            context.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        IResult body = PublicPath.IsScim(context.Request.Path)
            ? TypedResults.Json(new ScimError(error), ScimErrorJson.Default.ScimError, "application/scim+json", error.Status)
            : TypedResults.Problem(error.Detail, statusCode: error.Status);
        return body.ExecuteAsync(context);
    }
}

/// <summary>RFC 7644 §3.12; <c>status</c> is a string.</summary>
internal sealed record ScimError(string[] Schemas, string Status, string Detail)
{
    public ScimError(GatewayError error)
        : this(["urn:ietf:params:scim:api:messages:2.0:Error"], error.Status.ToString(CultureInfo.InvariantCulture), error.Detail) { }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ScimError))]
internal sealed partial class ScimErrorJson : JsonSerializerContext;
