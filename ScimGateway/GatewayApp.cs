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
/// Builds the gateway, the only public address of the system. The middlewares in order: error responses → rate limit per token
/// → API key exchanged for an access token (<c>/api</c> only) → body limits → proxy to a replica.
/// </summary>
internal static class GatewayApp
{
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults();
        // Request logs repeat what traces contain. Configure a more specific category to see them.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.KeepQueryStringsOut();
        builder.Services.Configure<HttpClientTraceInstrumentationOptions>(tracing =>
            tracing.FilterHttpRequestMessage = request => request.RequestUri?.AbsolutePath != RouteTable.HealthPath);
        builder.Services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // A filter may have 2,000 characters, and one character may take nine in the URL: 李 is %E6%9D%8E.
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
        app.UseWhen(IsAdminApi, api => api.UseMiddleware<ApiKeyMiddleware>());
        app.MapDefaultEndpoints();
        app.MapLandingPage();
        app.MapDocs();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<BodyLimits>();
            proxy.UseMiddleware<RetryOnReplica>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    private static bool IsProxied(HttpContext context) => IsAdminApi(context) || PublicPath.IsScim(context.Request.Path);

    private static bool IsAdminApi(HttpContext context) => PublicPath.IsAdminApi(context.Request.Path);
}
