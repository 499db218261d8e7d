using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;

namespace Microsoft.Extensions.Hosting;

/// <summary>The same signature and configuration keys as Aspire.RabbitMQ.Client, for builds without that package.</summary>
public static class RabbitMQClient
{
    private const string Section = "Aspire:RabbitMQ:Client";

    /// <summary>
    /// Registers singletons <see cref="IConnectionFactory"/> and (connected when first asked for) <see cref="IConnection"/>,
    /// health check <c>RabbitMQ.Client</c> and tracing. Reads <c>ConnectionStrings:{name}</c>, an <c>amqp://</c> URI.
    /// </summary>
    public static void AddRabbitMQClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConnectionFactory>? configureConnectionFactory = null)
    {
        var settings = ClientSettings.Read(builder.Configuration, Section, connectionName);
        builder.Services.AddSingleton<IConnectionFactory>(_ =>
        {
            var factory = new ConnectionFactory { Uri = new Uri(settings.ConnectionString) };
            configureConnectionFactory?.Invoke(factory);
            return factory;
        });
        builder.Services.AddSingleton(services =>
            services.GetRequiredService<IConnectionFactory>().CreateConnectionAsync().GetAwaiter().GetResult());
        if (!settings.DisableHealthChecks)
            builder.Services.AddHealthChecks().AddCheck<ConnectionHealth>("RabbitMQ.Client");
        if (!settings.DisableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("RabbitMQ.Client.*"));
    }

    private sealed class ConnectionHealth(IServiceProvider services) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(services.GetRequiredService<IConnection>() is { IsOpen: true }
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, "The connection to RabbitMQ is closed; it is being re-opened."));
    }
}
