using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the system has: telemetry, health, service discovery, resilient HTTP.</summary>
public static class ServiceDefaultsExtensions
{
    private const string Health = "/health";
    private const string Alive = "/alive";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.KeepQueryStringsOut();
        builder.AddQuietLogs();
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        builder.Services.AddSingleton(TimeProvider.System);
        // Requests run on the thread that read them, which saves a thread switch. "Unsafe" concerns blocking code, of which
        // there is none here; the worst effect would be a connection that is read late.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (readiness, with dependencies) and <c>/alive</c> (liveness). Degraded counts as unhealthy, because
    /// MassTransit reports a lost broker as degraded. A service that works without the broker excludes that check with
    /// <paramref name="ready"/>.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app, Func<HealthCheckRegistration, bool>? ready = null)
    {
        app.MapHealthChecks(Health, new HealthCheckOptions
        {
            Predicate = ready,
            ResultStatusCodes =
            {
                [HealthStatus.Healthy] = StatusCodes.Status200OK,
                [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable,
                [HealthStatus.Unhealthy] = StatusCodes.Status503ServiceUnavailable,
            },
            ResponseWriter = HealthReportWriter.WriteAsync,
        }).AllowAnonymous();
        app.MapHealthChecks(Alive, new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") }).AllowAnonymous();
        return app;
    }

    /// <summary>
    /// Turns off the frameworks' logs per request and statement, which contain query strings with personal data (scim.md rule
    /// 5). Their warnings stay; <c>Logging:LogLevel</c> in the configuration can still change a level.
    /// </summary>
    private static void AddQuietLogs(this IHostApplicationBuilder builder)
    {
        foreach (var category in (string[])["Microsoft.AspNetCore", "Microsoft.Extensions.Http", "System.Net.Http", "Npgsql", "MassTransit", "Polly"])
            builder.Logging.AddFilter(category, LogLevel.Warning);
    }

    /// <summary>
    /// Keeps query strings out of traces, because filters contain names and addresses. The instrumentations redact them by
    /// default, but Aspire's AppHost turns that off in development; this setting overrides every other source.
    /// </summary>
    private static void KeepQueryStringsOut(this IHostApplicationBuilder builder) =>
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "false",
            ["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "false",
        });

    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var exports = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter("MassTransit", "Npgsql", "Provisioning.*"))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, "MassTransit", "Provisioning.*")
                .AddAspNetCoreInstrumentation(options =>
                {
                    // Health checks are not traced.
                    options.Filter = context => !context.Request.Path.StartsWithSegments(Health, StringComparison.Ordinal)
                        && !context.Request.Path.StartsWithSegments(Alive, StringComparison.Ordinal);
                    options.EnrichWithHttpResponse = (span, response) => span.DisplayName = SpanNames.Of(
                        response.HttpContext.Request.Method,
                        (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
                        response.HttpContext.Request.Path);
                })
                .AddHttpClientInstrumentation());
        if (TraceSampling.Choose(builder.Configuration, builder.Environment, exports) is { } sampler)
            telemetry.WithTracing(tracing => tracing.SetSampler(sampler));
        if (exports) telemetry.UseOtlpExporter();
    }
}
