using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Testing;

namespace EndToEnd.Tests.Running;

/// <summary>
/// RabbitMQ killed (SIGKILL), and kept away: the AppHost, which starts it again at once, is told to leave it stopped while the
/// new one is still loading.
/// </summary>
internal sealed class BrokerOutage
{
    private const string Broker = "messaging";
    private readonly RunningResources resources;

    private BrokerOutage(RunningResources resources) => this.resources = resources;

    public static async Task<BrokerOutage> BeginAsync(RunningResources resources)
    {
        var broker = resources.Find(Broker);
        Assert.Equal(KnownResourceStates.Running, broker.State);
        using (var process = Process.GetProcessById(broker.Pid!.Value)) process.Kill();
        await Eventually.BecomesAsync("a new broker to load", () => Task.FromResult(resources.Find(Broker)), found => found.Pid is not null && found.Restarts > broker.Restarts);
        Assert.True(await resources.TryAsync(Broker, KnownResourceCommands.StopCommand), "The new broker could not be stopped.");
        await Eventually.BecomesAsync("no broker", () => Task.FromResult(resources.Find(Broker)), found => found.Pid is null);
        return new BrokerOutage(resources);
    }

    public async Task EndAsync()
    {
        Assert.True(await resources.TryAsync(Broker, KnownResourceCommands.StartCommand), "The broker could not be started again.");
        await Eventually.BecomesAsync("the broker", () => Task.FromResult(resources.Find(Broker)), found => found.Health == HealthStatus.Healthy, TimeSpan.FromMinutes(2));
    }
}
