using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Projections;
using Testing;

namespace LicenseService.Tests.Outages;

/// <summary>No fact is lost or hidden while the database is away, however long that is.</summary>
public sealed class DatabaseAwayTests(LicenseSystem system)
{
    [Fact]
    public async Task A_fact_waits_for_the_database_and_is_told_of_all_the_time()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using var app = await service.StartAsync();
        service.Database.Sever();
        var user = Facts.User(version: 1);
        await service.SendAsync(system, user);
        await Eventually.BecomesAsync("the fact in hand", () => service.LagAsync(app), lag => lag.Body.GetProperty("waiting").GetBoolean());

        for (var look = 0; look < 20; look++)
        {
            var lag = (await service.LagAsync(app)).Body;
            Assert.True(lag.GetProperty("queued").GetInt64() > 0);
            Assert.True(lag.GetProperty("events").GetInt64() > 0);
            Assert.True(lag.GetProperty("seconds").GetDouble() > 0);
            Assert.Equal(0, lag.GetProperty("setAside").GetInt64());
        }
        Assert.Equal(503, (await ProjectionTestService.HealthAsync(app)).Status);

        service.Database.Listen();
        await service.IsStoredAsync(user);
        await Eventually.BecomesAsync("nothing to wait for", () => service.LagAsync(app), lag =>
            !lag.Body.GetProperty("waiting").GetBoolean() && lag.Body.GetProperty("queued").GetInt64() == 0);
        await app.StopAsync();
    }

    [Fact]
    public async Task Whoever_brings_a_fact_is_not_told_that_it_failed_while_the_database_is_away()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using var app = await service.StartAsync();
        service.Database.Sever();
        var user = Facts.User(version: 1);
        var applied = app.Services.GetRequiredService<FactBatcher>().ApplyAsync(user, CancellationToken.None);
        await Eventually.BecomesAsync("a try", () => service.LagAsync(app), lag => lag.Body.GetProperty("waiting").GetBoolean());
        Assert.False(applied.IsCompleted);

        service.Database.Listen();
        await applied.WaitAsync(TimeSpan.FromSeconds(30));
        await service.IsStoredAsync(user);
        await app.StopAsync();
    }

    [Fact]
    public async Task A_service_that_stops_meanwhile_leaves_the_fact_to_the_next_one()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        var user = Facts.User(version: 1);
        await using (var app = await service.StartAsync())
        {
            service.Database.Sever();
            await service.SendAsync(system, user);
            await Eventually.BecomesAsync("the fact in hand", () => service.LagAsync(app), lag => lag.Body.GetProperty("waiting").GetBoolean());
            await app.StopAsync();
        }
        service.Database.Listen();
        // MassTransit sets aside what was not worked off when it stopped; from there it comes back.
        await using var next = await service.StartAsync();
        await service.IsStoredAsync(user);
        await next.StopAsync();
    }

    [Fact]
    public async Task Every_operation_says_that_the_database_is_away_and_when_to_come_back()
    {
        await using var service = await ProjectionTestService.CreateAsync();
        await using var app = await service.StartAsync();
        service.Database.Sever();
        using var client = service.Client(app);
        foreach (var (method, says) in new[] { (HttpMethod.Get, "try again"), (HttpMethod.Post, "Nothing was changed") })
        {
            // Connections at rest in a pool are found to be broken first; these are taken for what may have been sent.
            await Eventually.BecomesAsync("no connection", async () =>
            {
                var answer = await client.SendAsync(method, "rebuild");
                Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), (answer.Status, answer.Reason));
                Assert.NotNull(answer.RetryAfter);
                return answer.Detail;
            }, detail => detail!.Contains(says, StringComparison.Ordinal));
        }
        await app.StopAsync();
    }
}
