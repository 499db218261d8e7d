using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ScimGateway.ApiKeys;
using ScimGateway.Errors;
using ScimGateway.Telemetry;

namespace ScimGateway.Limits;

/// <summary>
/// Rate limit: one token bucket per bearer token, valid or not, and per client address without a token. Idle buckets are
/// dropped, so guessed tokens do not fill the memory.
/// </summary>
internal static class TokenRateLimit
{
    public static void AddTokenRateLimit(this IServiceCollection services)
    {
        services.AddSingleton<GatewayMetrics>();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<GatewayOptions>>((limiter, gateway) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(Bucket(context), _ => BucketOptions(gateway.Value)));
            limiter.OnRejected = RejectAsync;
        });
    }

    private static TokenBucketRateLimiterOptions BucketOptions(GatewayOptions options) => new()
    {
        TokenLimit = options.Burst,
        // Ten refills per second, so that a client at its limit is not stopped for a whole second.
        TokensPerPeriod = Math.Max(1, options.RequestsPerSecond / 10),
        ReplenishmentPeriod = TimeSpan.FromMilliseconds(100),
        QueueLimit = 0,
    };

    private static string Bucket(HttpContext context) => context.Request.Headers.Authorization.ToString() is { Length: > 0 } credentials
        ? SecretHash.Of(credentials)
        : context.Connection.RemoteIpAddress?.ToString() ?? "";

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        rejected.HttpContext.RequestServices.GetRequiredService<GatewayMetrics>().RateLimited();
        rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        // Retry-After in whole seconds: Okta accepts nothing else.
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        await ErrorWriter.WriteAsync(rejected.HttpContext, new(StatusCodes.Status429TooManyRequests,
            "This token sends more requests per second than it may. Nothing was changed; go on after the seconds that the Retry-After header names.", seconds));
    }
}
