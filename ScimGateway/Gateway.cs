using OpenTelemetry.Instrumentation.Http;
using ScimGateway.ApiKeys;
using ScimGateway.Docs;
using ScimGateway.Errors;
using ScimGateway.Landing;
using ScimGateway.Limits;
using ScimGateway.Replicas;
using ScimGateway.Routing;
using ScimGateway.Telemetry;

namespace ScimGateway;

/// <summary>
/// The one public address. A request goes through: errors (the shape of whatever goes wrong below) → rate per token →
/// API key swapped for an access token (<c>/api</c> only) → body limits → a replica that answers.
/// </summary>
internal static class Gateway
{
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        // Two lines per request say nothing that traces do not; set a longer category to see them.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.KeepQueryStringsOut();
        builder.Services.Configure<HttpClientTraceInstrumentationOptions>(tracing =>
            tracing.FilterHttpRequestMessage = request => request.RequestUri?.AbsolutePath != RouteTable.HealthPath);
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A filter of 2,000 characters, each of them nine in the address: 李 is %E6%9D%8E.
            kestrel.Limits.MaxRequestLineSize = 32 * 1024;
        });
        builder.Services.AddGatewayProxy();
        builder.Services.AddApiKeySwap();
        builder.Services.AddTokenRateLimit();
        builder.Services.AddDocs();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseMiddleware<ErrorResponses>();
        app.UseWhen(IsProxied, proxied => proxied.UseRateLimiter());
        app.UseWhen(IsAdminApi, api => api.UseMiddleware<ApiKeySwap>());
        app.MapDefaultEndpoints();
        app.MapLandingPage();
        app.MapDocs();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<BodyLimits>();
            proxy.UseMiddleware<AnotherReplica>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    private static bool IsProxied(HttpContext context) => IsAdminApi(context) || PublicPath.IsScim(context.Request.Path);

    private static bool IsAdminApi(HttpContext context) => PublicPath.IsAdminApi(context.Request.Path);
}
