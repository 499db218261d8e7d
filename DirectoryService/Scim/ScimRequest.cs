using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using Microsoft.AspNetCore.Http.Features;

namespace DirectoryService.Scim;

/// <summary>Extension methods for SCIM requests.</summary>
internal static class ScimRequest
{
    internal static DirectoryContext Directory(this HttpContext context) => context.Features.GetRequiredFeature<DirectoryContext>();

    /// <summary>The directory's public base URL, from the address that the client used.</summary>
    internal static string BaseUrl(this HttpContext context, DirectoryContext directory) =>
        PublicBaseUrl.ScimBase(context.Request, directory.AccountId, directory.DirectoryId);

    /// <summary>The resource's id from the route. An id that is not a UUID was never issued: 404.</summary>
    internal static Guid ResourceId(this HttpContext context, ResourceSchema resource) =>
        Guid.TryParse(context.GetRouteValue("id") as string, out var id) ? id : throw NoSuch(resource, context.GetRouteValue("id"));

    internal static ScimException NoSuch(ResourceSchema resource, object? id) =>
        ScimException.NotFound($"{resource.Name} {id} does not exist in this directory.");

    internal static AttributeProjection Projection(this HttpContext context, ResourceSchema resource) => Protocol.Messages.AttributeProjection.Parse(
        resource, context.Request.Query["attributes"], context.Request.Query["excludedAttributes"], LeniencyRegistry.All);

    /// <summary>Checks If-Match and If-None-Match of a write against the current version (RFC 7644 §3.14).</summary>
    /// <exception cref="ScimException">412.</exception>
    internal static void CheckPreconditions(this HttpContext context, ResourceVersion version)
    {
        var (wanted, unwanted) = (context.Request.Headers.IfMatch, context.Request.Headers.IfNoneMatch);
        if ((wanted.Count > 0 && !Tags(wanted).Any(version.MatchesWrite)) || (unwanted.Count > 0 && Tags(unwanted).Any(version.MatchesRead)))
            throw ScimException.PreconditionFailed($"The resource is at version {version.ETag} now. Read it again and repeat the change.");
    }

    /// <summary>Whether the request has the preference (RFC 7240 §2); its parameters are ignored.</summary>
    internal static bool Prefers(this HttpContext context, string preference) => context.Request.Headers["Prefer"]
        .SelectMany(line => (line ?? "").Split(',')).Any(one => string.Equals(one.Split(';')[0].Replace(" ", "", StringComparison.Ordinal), preference, StringComparison.OrdinalIgnoreCase));

    internal static bool HasPreconditions(this HttpContext context) =>
        context.Request.Headers.IfMatch.Count > 0 || context.Request.Headers.IfNoneMatch.Count > 0;

    /// <summary>Whether a read may be answered 304: the client has this version.</summary>
    internal static bool HasVersion(this HttpContext context, ResourceVersion version) => Tags(context.Request.Headers.IfNoneMatch).Any(version.MatchesRead);

    private static IEnumerable<string> Tags(Microsoft.Extensions.Primitives.StringValues lines) =>
        lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries));
}
