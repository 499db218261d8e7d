using System.Globalization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Transforms;

namespace ScimGateway.Limits;

/// <summary>
/// Counts a Bulk request as one request per operation (scim.md rule 33). The directory service returns the number of
/// operations; they are charged after the response, so that the next requests of the token are limited.
/// </summary>
internal static class BulkRateLimitCharge
{
    /// <summary>Response header of the directory service; the gateway removes it.</summary>
    public const string Header = "X-Scim-Operations";

    public static ValueTask ApplyAsync(ResponseTransformContext transform)
    {
        var http = transform.HttpContext;
        if (!http.Response.Headers.Remove(Header, out var said) || !int.TryParse(said, CultureInfo.InvariantCulture, out var operations)) return default;
        if (http.RequestServices.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter is not { } limiter) return default;
        // The request itself was charged on arrival. A bucket grants a whole request or nothing and cannot grant more than its
        // size, so the remaining operations are charged in ever smaller parts.
        var left = Math.Min(operations - 1, http.RequestServices.GetRequiredService<IOptions<GatewayOptions>>().Value.Burst);
        for (var part = left; part > 0; part = Math.Min(part, left))
        {
            using var lease = limiter.AttemptAcquire(http, part);
            if (lease.IsAcquired) left -= part;
            else part /= 2;
        }
        return default;
    }
}
