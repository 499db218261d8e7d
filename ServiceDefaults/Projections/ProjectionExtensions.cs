using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Messaging;

namespace ServiceDefaults.Projections;

/// <summary>Projections of the directory's facts, for a service that keeps them in its own database.</summary>
public static class ProjectionExtensions
{
    /// <summary>
    /// Consumes <paramref name="queue"/> into the tables users, groups, edges and directories of the service's database.
    /// The service registers its <see cref="IFactReaction"/> and the data source.
    /// </summary>
    public static void AddFactProjections(this IHostApplicationBuilder builder, string connectionName, FactQueue queue)
    {
        // Twice a batch: while one is applied, the next one gathers.
        builder.AddFactConsumers(connectionName, queue, bus => bus.AddConsumer<FactsConsumer>(), concurrency: 2 * FactBatcher.MaxFacts);
        builder.Services.AddSingleton<FactArrivals>();
        builder.Services.AddSingleton<FactApplier>();
        builder.Services.AddSingleton<FactBatcher>();
    }
}
