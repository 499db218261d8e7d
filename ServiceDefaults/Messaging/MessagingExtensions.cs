using Contracts;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Messaging;

/// <summary>Configures MassTransit. <see cref="FactTopology"/> shows what is declared on the broker.</summary>
public static class MessagingExtensions
{
    /// <summary>
    /// Messages that a consumer handles concurrently; half as many more are prefetched. Facts are order-blind, so any number is
    /// correct.
    /// </summary>
    private const int AtATime = 50;

    /// <summary>
    /// Adds the bus for a service that publishes facts and consumes none. Before its first publish it calls
    /// <see cref="FactTopology.DeclareAsync"/>.
    /// </summary>
    public static void AddFactPublisher(this IHostApplicationBuilder builder, string connectionName) =>
        builder.AddBus(connectionName, _ => { }, (_, _) => { });

    /// <summary>
    /// Adds the bus for a service that consumes facts from <paramref name="queue"/>. <paramref name="consumers"/> registers
    /// its consumers.
    /// </summary>
    public static void AddFactConsumers(
        this IHostApplicationBuilder builder,
        string connectionName,
        FactQueue queue,
        Action<IBusRegistrationConfigurator> consumers) =>
        builder.AddBus(connectionName, consumers, (context, bus) => bus.ReceiveEndpoint(queue.Name, endpoint =>
        {
            foreach (var (name, value) in queue.Arguments) endpoint.SetQueueArgument(name, value);
            endpoint.Durable = true;
            endpoint.PrefetchCount = AtATime + AtATime / 2;
            endpoint.ConcurrentMessageLimit = AtATime;
            // No retries here: the consumer waits for transient faults by itself, and dead letters are retried
            // (DeadLetterRetry).
            endpoint.ConfigureConsumers(context);
        }));

    private static void AddBus(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IBusRegistrationConfigurator> register,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator> configure)
    {
        var address = builder.Configuration.GetConnectionString(connectionName);
        if (string.IsNullOrWhiteSpace(address))
            throw new InvalidOperationException($"No connection string '{connectionName}'. Set ConnectionStrings__{connectionName} to an amqp:// URI.");
        // No usage telemetry is sent to MassTransit.
        builder.Services.Configure<UsageTelemetryOptions>(options => options.Enabled = false);
        builder.Services.AddMassTransit(registration =>
        {
            register(registration);
            registration.UsingRabbitMq((context, bus) =>
            {
                var broker = new Uri(address);
                bus.Host(broker, host =>
                {
                    if (broker.UserInfo.Split(':', 2) is [var user, var password])
                    {
                        host.Username(Uri.UnescapeDataString(user));
                        host.Password(Uri.UnescapeDataString(password));
                    }
                    host.PublisherConfirmation = true;
                });
                bus.ConfigureJsonSerializerOptions(options =>
                {
                    options.TypeInfoResolverChain.Insert(0, ContractsJsonContext.Default);
                    return options;
                });
                configure(context, bus);
            });
        });
    }
}
