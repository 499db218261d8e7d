using RabbitMQ.Client;
using ServiceDefaults.Messaging;
using Testing;

namespace LicenseService.Tests.Outages;

/// <summary>What was set aside is counted, and comes back by itself.</summary>
public sealed class DeadLetterTests(LicenseSystem system)
{
    [Fact]
    public async Task A_message_that_was_delivered_too_often_without_being_at_fault_is_applied_in_the_end()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using (var app = await service.StartAsync()) await app.StopAsync(); // its queue is there
        await using var channel = await ProjectionTestService.ChannelAsync();
        await DeclareErrorQueueAsync(channel, service.Queue);
        var user = Facts.User(version: 1);
        await service.SendAsync(system, user);
        // As the broker does when the consumer's connection breaks.
        await Eventually.TrueAsync("the broker to set it aside", async () =>
        {
            if (await channel.BasicGetAsync(service.Queue.Name, autoAck: false) is { } message) await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true);
            return await channel.MessageCountAsync(service.Queue.ErrorName) > 0;
        });

        await using var again = await service.StartAsync();
        await service.IsStoredAsync(user);
        await Eventually.BecomesAsync("an empty error queue", () => channel.MessageCountAsync(service.Queue.ErrorName), left => left == 0);
        await again.StopAsync();
    }

    [Fact]
    public async Task A_fact_that_is_wrong_in_itself_is_set_aside_alone_and_counts_in_lag_and_health()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using var app = await service.StartAsync(returnAfter: "01:00:00");
        var wrong = Facts.User(version: 1, userName: "no\0name");
        var right = Facts.User(version: 1);
        await service.SendAsync(system, wrong, right);
        await service.IsStoredAsync(right);
        await Eventually.BecomesAsync("a fact set aside", () => service.LagAsync(app), lag => lag.Body.GetProperty("setAside").GetInt64() > 0);
        Assert.True((await service.LagAsync(app)).Body.GetProperty("events").GetInt64() > 0);
        await Eventually.BecomesAsync("health tells of it", () => ProjectionTestService.HealthAsync(app), health =>
            health.Status == 200 && health.Checks.GetProperty("facts").GetProperty("description").GetString()!.Contains(" 1 were set aside", StringComparison.Ordinal));
        await app.StopAsync();
    }

    [Fact]
    public async Task A_fact_that_is_wrong_in_itself_does_not_keep_others_from_coming_back()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using var app = await service.StartAsync();
        await using var channel = await ProjectionTestService.ChannelAsync();
        await DeclareErrorQueueAsync(channel, service.Queue);
        await service.SendAsync(system, Facts.User(version: 1, userName: "no\0name"));
        await Eventually.BecomesAsync("the wrong one set aside", () => channel.MessageCountAsync(service.Queue.ErrorName), count => count > 0);

        service.Database.Sever();
        var user = Facts.User(version: 1);
        await service.SendAsync(system, user);
        await Eventually.BecomesAsync("the fact in hand", () => service.LagAsync(app), lag => lag.Body.GetProperty("waiting").GetBoolean());
        service.Database.Listen();
        await service.IsStoredAsync(user);
        await Eventually.BecomesAsync("the wrong one still there", () => channel.MessageCountAsync(service.Queue.ErrorName), count => count > 0);
        await app.StopAsync();
    }

    /// <summary>As the directory does before it publishes for the first time.</summary>
    private static async Task DeclareErrorQueueAsync(IChannel channel, FactQueue queue)
    {
        await channel.ExchangeDeclareAsync(queue.ErrorName, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(queue.ErrorName, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
        {
            ["x-queue-type"] = "quorum", ["x-quorum-initial-group-size"] = 1, ["x-delivery-limit"] = FactQueue.DeliveryLimit,
            ["x-dead-letter-exchange"] = queue.ErrorName, ["x-dead-letter-strategy"] = "at-least-once", ["x-overflow"] = "reject-publish",
        });
        await channel.QueueBindAsync(queue.ErrorName, queue.ErrorName, "");
    }
}
