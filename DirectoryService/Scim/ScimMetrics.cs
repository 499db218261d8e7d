using System.Diagnostics.Metrics;

namespace DirectoryService.Scim;

/// <summary>Metrics of SCIM requests by provider and outcome.</summary>
internal static class ScimMetrics
{
    private static readonly Meter Meter = new("Provisioning.Scim");

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "provisioning.scim.requests", "{request}", "SCIM requests, by provider, method, resource type and outcome (ok, refused, failed)");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "provisioning.scim.refusals", "{request}", "SCIM requests that were refused, by provider and reason (the scimType, else the status)");

    /// <param name="scimType">scimType of the error response, if it has one.</param>
    internal static void Answered(HttpContext context, string? scimType)
    {
        if (!Requests.Enabled) return;
        var provider = KeyValuePair.Create("scim.provider", (object?)(context.Features.Get<DirectoryContext>()?.Provider ?? "unknown"));
        var status = context.Response.StatusCode;
        Requests.Add(1, provider,
            KeyValuePair.Create("http.request.method", (object?)Method(context.Request.Method)),
            KeyValuePair.Create("scim.resource_type", (object?)ResourceType(context.GetEndpoint())),
            KeyValuePair.Create("scim.outcome", (object?)(status < 400 ? "ok" : status < 500 ? "refused" : "failed")));
        if (status is >= 400 and < 500) Refusals.Add(1, provider, KeyValuePair.Create("scim.refusal.reason", (object?)(scimType ?? status.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    private static string Method(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" ? method : "_OTHER";

    /// <summary>The resource type, from the matched route and not from the URL, which may contain anything.</summary>
    private static string ResourceType(Endpoint? endpoint)
    {
        var route = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";
        return route.Contains("/Users", StringComparison.Ordinal) ? "User" : route.Contains("/Groups", StringComparison.Ordinal) ? "Group" : "other";
    }
}
