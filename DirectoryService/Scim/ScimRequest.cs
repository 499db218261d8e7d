using DirectoryService.Protocol;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using Microsoft.AspNetCore.Http.Features;

namespace DirectoryService.Scim;

/// <summary>What every SCIM endpoint asks of its request.</summary>
internal static class ScimRequest
{
    internal static DirectoryContext Directory(this HttpContext context) => context.Features.GetRequiredFeature<DirectoryContext>();

    /// <summary>The directory's public base URL, from the address that the client used.</summary>
    internal static string BaseUrl(this HttpContext context, DirectoryContext directory) =>
        PublicAddress.ScimBase(context.Request, directory.AccountId, directory.DirectoryId);

    /// <summary>The resource's id from the route; one that is no UUID was never issued.</summary>
    internal static Guid ResourceId(this HttpContext context, ResourceSchema resource) =>
        Guid.TryParse(context.GetRouteValue("id") as string, out var id) ? id : throw NoSuch(resource, context.GetRouteValue("id"));

    internal static ScimException NoSuch(ResourceSchema resource, object? id) =>
        ScimException.NotFound($"{resource.Name} {id} does not exist in this directory.");

    internal static Projection Projection(this HttpContext context, ResourceSchema resource) => Protocol.Messages.Projection.Parse(
        resource, context.Request.Query["attributes"], context.Request.Query["excludedAttributes"]);

    /// <summary>If-Match against the present version (RFC 7644 §3.14).</summary>
    internal static void CheckIfMatch(this HttpContext context, long version)
    {
        var wanted = context.Request.Headers.IfMatch.ToString();
        if (wanted.Length == 0 || wanted == "*") return;
        var current = Representation.ETag(version);
        if (!wanted.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == current || "W/" + tag == current))
            throw ScimException.PreconditionFailed($"The resource is at version {current} now. Read it again and repeat the change.");
    }
}
