using System.Globalization;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Transforms;

namespace ScimGateway.Limits;

/// <summary>
/// A Bulk request counts as many requests as it had operations (scim.md rule 33). The directory service says how many they
/// were; they are charged once they are done, so that the token's next requests wait for them.
/// </summary>
internal static class BulkCharge
{
    /// <summary>Between the directory service and the gateway; clients never see it.</summary>
    public const string Header = "X-Scim-Operations";

    public static ValueTask ApplyAsync(ResponseTransformContext transform)
    {
        var http = transform.HttpContext;
        if (!http.Response.Headers.Remove(Header, out var said) || !int.TryParse(said, CultureInfo.InvariantCulture, out var operations)) return default;
        if (http.RequestServices.GetRequiredService<IOptions<RateLimiterOptions>>().Value.GlobalLimiter is not { } limiter) return default;
        // The request itself was charged when it came. A bucket gives all that is asked of it or nothing, and must not be
        // asked for more than it can hold: what it has is taken in ever smaller parts.
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
