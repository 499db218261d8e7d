using System.Diagnostics;
using Testing;

namespace EndToEnd.Tests.Running;

/// <summary>
/// RabbitMQ killed (SIGKILL), and kept away: the runtime, which would start it again at once, is told to leave it stopped
/// while the new one is still loading.
/// </summary>
internal sealed class BrokerOutage
{
    private const string Broker = "messaging";
    private readonly DashboardClient dashboard;

    private BrokerOutage(DashboardClient dashboard) => this.dashboard = dashboard;

    public static async Task<BrokerOutage> BeginAsync(DashboardClient dashboard)
    {
        var broker = await dashboard.FindAsync(Broker);
        Assert.Equal("Running", broker.State);
        using (var process = Process.GetProcessById(broker.Pid!.Value)) process.Kill();
        await Eventually.TrueAsync("the killed broker to be left stopped", () => dashboard.TryAsync(Broker, "stop"));
        await Eventually.BecomesAsync("no broker", () => dashboard.FindAsync(Broker), found => found.Pid is null);
        return new BrokerOutage(dashboard);
    }

    public async Task EndAsync()
    {
        Assert.True(await dashboard.TryAsync(Broker, "start"), "The broker could not be started again.");
        await Eventually.BecomesAsync("the broker", () => dashboard.FindAsync(Broker), found => found.Health == "Healthy", TimeSpan.FromMinutes(2));
    }
}
