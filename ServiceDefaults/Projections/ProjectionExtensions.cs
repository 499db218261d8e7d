using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using ServiceDefaults.DirectoryState;
using ServiceDefaults.Lag;
using ServiceDefaults.Messaging;
using ServiceDefaults.Rebuilding;

namespace ServiceDefaults.Projections;

/// <summary>Registers projections of the directory's facts in a service's own database.</summary>
public static class ProjectionExtensions
{
    /// <summary>
    /// Consumes <paramref name="queue"/> into the tables users, groups, edges and directories of the service's database,
    /// and rebuilds them on request. The service registers its <see cref="IFactReaction"/> and the data source.
    /// </summary>
    public static void AddFactProjections(this IHostApplicationBuilder builder, string connectionName, FactQueue queue)
    {
        builder.AddFactConsumers(connectionName, queue, bus => bus.AddConsumer<FactConsumer>());
        builder.AddDirectoryFeed();
        var services = builder.Services;
        services.AddSingleton<FactArrivalSignal>();
        services.AddSingleton<FactApplier>();
        services.AddSingleton<FactAgeMetrics>();
        services.AddSingleton<FactBatcher>();
        services.AddSingleton(queue);
        // No automatic recovery: the next request opens a new connection.
        services.AddSingleton(_ => new BrokerChannel(
            new ConnectionFactory { Uri = new Uri(builder.Configuration.GetConnectionString(connectionName)!), AutomaticRecoveryEnabled = false }, queue.Name + " watch"));
        services.AddSingleton<QueueDepth>();
        services.AddOptions<DeadLetterOptions>().BindConfiguration(DeadLetterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHostedService<DeadLetterRetry>();
        services.AddHealthChecks().AddCheck<FactConsumerHealthCheck>("facts");
        services.AddSingleton<BacklogTrends>();
        services.AddSingleton<QueueLagMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<QueueLagMonitor>());
        services.AddSingleton<Rebuilder>();
        services.AddHostedService(provider => provider.GetRequiredService<Rebuilder>());
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ProjectionJsonContext.Default));
    }

    /// <summary>Maps <c>/rebuild</c> and <c>/lag</c> under the service's part of <c>/api/v1</c>.</summary>
    public static void MapFactProjections(this RouteGroupBuilder service)
    {
        service.MapRebuild();
        service.MapLag();
    }
}
