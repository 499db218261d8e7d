using Contracts.Events.V1;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using ServiceDefaults.Messaging;
using Testing;

namespace ServiceDefaults.Tests;

/// <summary>Against a real broker: what is published before any consumer ever ran is not lost.</summary>
public sealed class FactTopologyTests
{
    [Fact]
    public async Task Facts_published_before_a_consumer_ever_started_reach_it_when_it_does()
    {
        var fact = Facts.User(version: 1);
        // Stopped, but not disposed before the consumer is: MassTransit keeps the first host's logger factory for the process.
        using var publisher = Start(builder => builder.AddFactPublisher("messaging"));
        await DeclareAsync();
        await publisher.StartAsync();
        await publisher.Services.GetRequiredService<IBus>().Publish(fact);
        await publisher.StopAsync();

        var received = new Received(fact.EventId);
        using var consumer = Start(builder =>
        {
            builder.Services.AddSingleton(received);
            builder.AddFactConsumers("messaging", FactQueue.License, bus => bus.AddConsumer<Recorder>());
        });
        await consumer.StartAsync();
        var first = await received.First.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(fact, first);
        await consumer.StopAsync();

        // The queue of the service that never ran holds it still.
        await using var connection = await Broker.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        Assert.NotEqual(0u, await channel.MessageCountAsync(FactQueue.Policy.Name));
    }

    [Fact]
    public async Task A_message_that_a_consumer_cannot_handle_ends_in_the_error_queue()
    {
        await DeclareAsync();
        using var host = Start(builder =>
            builder.AddFactConsumers("messaging", FactQueue.Policy, bus => bus.AddConsumer<ThrowingConsumer>()));
        await host.StartAsync();
        await host.Services.GetRequiredService<IBus>().Publish(Facts.User(version: 2));
        await using var connection = await Broker.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await Eventually.TrueAsync("a message in the error queue", async () => await channel.MessageCountAsync(FactQueue.Policy.ErrorName) > 0);
        await host.StopAsync();
    }

    private static ConnectionFactory Broker => new() { Uri = new Uri(TestServers.RabbitMq) };

    /// <summary>As the publisher does: without queues, a message published before the consumer is bound is lost.</summary>
    private static Task DeclareAsync() => FactTopology.DeclareAsync(Broker, CancellationToken.None);

    private static IHost Start(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["ConnectionStrings:messaging"] = TestServers.RabbitMq;
        configure(builder);
        return builder.Build();
    }

    private sealed class Received(Guid awaited)
    {
        /// <summary>The broker is shared with other tests: only the awaited fact counts.</summary>
        public void Add(UserChanged fact)
        {
            if (fact.EventId == awaited) First.TrySetResult(fact);
        }

        public TaskCompletionSource<UserChanged> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Recorder(Received received) : IConsumer<UserChanged>
    {
        public Task Consume(ConsumeContext<UserChanged> context)
        {
            received.Add(context.Message);
            return Task.CompletedTask;
        }
    }

    private sealed class ThrowingConsumer : IConsumer<UserChanged>
    {
        public Task Consume(ConsumeContext<UserChanged> context) => throw new InvalidOperationException("cannot handle this");
    }
}
