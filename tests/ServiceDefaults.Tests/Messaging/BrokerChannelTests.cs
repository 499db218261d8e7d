using System.Diagnostics;
using RabbitMQ.Client;
using ServiceDefaults.Messaging;
using Testing;

namespace ServiceDefaults.Tests.Messaging;

public sealed class BrokerChannelTests
{
    [Fact]
    public async Task A_broker_that_hangs_is_not_waited_for_whether_it_hangs_before_or_after_the_connection()
    {
        using var front = new FaultyTcpProxy(new Uri(TestServers.RabbitMq).Port);
        front.Listen();
        var factory = new ConnectionFactory { Uri = new UriBuilder(TestServers.RabbitMq) { Port = front.Port }.Uri, AutomaticRecoveryEnabled = false };
        await using var channel = new BrokerChannel(factory, "test");
        front.Hang();
        await AwayAsync(channel);
        front.GoOn();
        Assert.Equal(0u, await channel.CountAsync("no-such-queue", CancellationToken.None));
        front.Hang();
        await AwayAsync(channel);
        await AwayAsync(channel);
        front.GoOn();
        Assert.Equal(0u, await channel.CountAsync("no-such-queue", CancellationToken.None));
        front.Sever();
        await AwayAsync(channel);
    }

    [Fact]
    public async Task Many_who_ask_a_broker_that_hangs_wait_no_longer_than_one()
    {
        using var front = new FaultyTcpProxy(new Uri(TestServers.RabbitMq).Port);
        front.Listen();
        front.Hang();
        var factory = new ConnectionFactory { Uri = new UriBuilder(TestServers.RabbitMq) { Port = front.Port }.Uri, AutomaticRecoveryEnabled = false };
        await using var channel = new BrokerChannel(factory, "test");
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => AwayAsync(channel)));
        // One after the other they would take 60 s.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
    }

    private static async Task AwayAsync(BrokerChannel channel) =>
        await Assert.ThrowsAsync<BrokerUnavailableException>(() => channel.CountAsync("any", CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(15));
}
