using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Testing;

namespace LicenseService.Tests.Outages;

/// <summary>A broker that accepts connections and answers nothing.</summary>
public sealed class BrokerHangsTests(LicenseSystem system)
{
    [Fact]
    public async Task The_service_goes_on_and_says_so_and_works_again_when_the_broker_does()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using var app = await service.StartAsync();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        service.Broker.Hang();
        var away = await service.LagAsync(app);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (away.Status, away.Reason));
        // Longer than the background look takes to meet the broker that hangs: it looks every 5 s and waits 2 s at most.
        for (var question = 0; question < 5; question++) Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.LagAsync(app)).Status);
        Assert.False(stopping.IsCancellationRequested);

        service.Broker.GoOn();
        await Eventually.BecomesAsync("an answer", () => service.LagAsync(app), lag => lag.Status == HttpStatusCode.OK, TimeSpan.FromMinutes(1));
        var user = Facts.User(version: 1);
        await service.SendAsync(system, user);
        await service.IsStoredAsync(user);
        Assert.False(stopping.IsCancellationRequested);
        await app.StopAsync();
    }
}
