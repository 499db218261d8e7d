using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace DirectoryService.Scim;

/// <summary>What every SCIM endpoint asks of its request.</summary>
internal static class ScimRequest
{
    /// <summary>Most resources on a page; ServiceProviderConfig says so.</summary>
    internal const int MaxCount = 200;
    private const int DefaultCount = 100;

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

    internal static Filter? Filter(this HttpContext context, ResourceSchema resource) =>
        context.Request.Query["filter"].ToString() is { Length: > 0 } text ? FilterParser.Parse(text, resource) : null;

    /// <summary>startIndex below 1 is 1, count below 0 is 0 (RFC 7644 §3.4.2.4).</summary>
    internal static (int StartIndex, PageRequest Page) Paging(this HttpContext context)
    {
        var start = Math.Max(1, Number(context, "startIndex", 1));
        return (start, new PageRequest(start - 1, Math.Clamp(Number(context, "count", DefaultCount), 0, MaxCount)));
    }

    /// <summary>If-Match against the present version (RFC 7644 §3.14).</summary>
    internal static void CheckIfMatch(this HttpContext context, long version)
    {
        var wanted = context.Request.Headers.IfMatch.ToString();
        if (wanted.Length == 0 || wanted == "*") return;
        var current = Representation.ETag(version);
        if (!wanted.Split(',', StringSplitOptions.TrimEntries).Any(tag => tag == current || "W/" + tag == current))
            throw ScimException.PreconditionFailed($"The resource is at version {current} now. Read it again and repeat the change.");
    }

    private static int Number(HttpContext context, string name, int missing)
    {
        var text = context.Request.Query[name].ToString();
        if (text.Length == 0) return missing;
        return int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ScimException.InvalidValue($"\"{name}\" must be a whole number.");
    }
}
