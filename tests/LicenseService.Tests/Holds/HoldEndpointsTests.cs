using System.Net;
using Contracts.Events.V1;
using Testing;

namespace LicenseService.Tests.Holds;

public sealed class HoldEndpointsTests(LicenseSystem system)
{
    /// <summary>Ten hold a seat by a rule and five wait; <paramref name="leaving"/> of the holders are let go, and the directory raises an alert.</summary>
    private async Task<(Tenant Tenant, Guid Hold)> MassAsync(int leaving, bool alertFirst, DateTimeOffset? leftAt = null, DateTimeOffset? alertAt = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var tenant = await Tenant.ArriveAsync(system, users: 15, seats: 10);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        var alert = new MassDeactivation { AlertId = Guid.NewGuid(), At = alertAt ?? now, Deactivated = leaving, Users = 15 };
        var raised = new DirectoryChanged
        {
            EventId = Guid.NewGuid(), AccountId = tenant.Account, DirectoryId = tenant.Directory, Version = 2, Name = "Entra ID", Provider = "EntraId",
            Deleted = false, LastAlert = alert, Change = Change.Alerted, Actor = Facts.Actor, At = now,
        };
        IFact[] left = [.. Enumerable.Range(0, leaving).Select(user => tenant.Change(user, Tenant.Leaves) with { At = leftAt ?? now })];
        // In one transaction, or the line would move before the alert comes.
        if (!alertFirst) await tenant.ApplyAsync([.. left, raised]);
        else
        {
            await tenant.ApplyAsync(raised);
            await tenant.ApplyAsync(left);
        }
        await tenant.SettledAsync();
        return (tenant, alert.AlertId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Seats_that_a_mass_deactivation_frees_are_kept_back_until_an_admin_releases_them(bool alertFirst)
    {
        var (tenant, hold) = await MassAsync(leaving: 4, alertFirst);
        using var _ = tenant;
        var pool = (await tenant.Client.GetAsync($"pools/{tenant.Pool}")).Body;
        Assert.Equal((6, 4, 4, 5), (
            pool.GetProperty("used").GetInt32(), pool.GetProperty("free").GetInt32(), pool.GetProperty("held").GetInt32(), pool.GetProperty("waiting").GetInt32()));
        var shown = Assert.Single((await tenant.Client.GetAsync("holds")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal((hold, "open", "Entra ID", 4), (
            shown.GetProperty("id").GetGuid(), shown.GetProperty("state").GetString(), shown.GetProperty("directoryName").GetString(), shown.GetProperty("seats").GetInt32()));
        var (outsider, waiter) = (tenant.Users[0], tenant.Users[14]);
        Assert.Equal("seatsHeld", (await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{waiter.UserId}")).Reason);
        Assert.Equal("notActive", (await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{outsider.UserId}")).Reason);
        var standing = (await tenant.Client.GetAsync($"users/{waiter.UserId}")).Body.GetProperty("licenses")[0];
        Assert.Equal("seatsHeld", standing.GetProperty("obstacles")[0].GetString());

        // Another seat becomes free, and goes to the next in line as ever.
        await tenant.ApplyAsync(tenant.Members([tenant.Users[9]], present: false));
        await tenant.SettledAsync();
        Assert.Contains(tenant.Users[10].UserId, await tenant.HoldersAsync());

        var released = await tenant.Client.PostAsync($"holds/{hold}/release");
        Assert.Equal((HttpStatusCode.OK, "released"), (released.Status, released.Body.GetProperty("state").GetString()));
        await Eventually.BecomesAsync("the seats to be passed on", () => tenant.Client.UsedAsync(tenant.Pool), used => used == 10);
        await Eventually.TrueAsync("nobody to wait", async () => (await tenant.LineAsync()).Count == 0);
        Assert.Equal(0, (await tenant.Client.GetAsync($"pools/{tenant.Pool}")).Body.GetProperty("held").GetInt32());
        var again = await tenant.Client.PostAsync($"holds/{hold}/release");
        Assert.Equal(released.Body.GetProperty("releasedAt").GetRawText(), again.Body.GetProperty("releasedAt").GetRawText());
    }

    [Fact]
    public async Task Seats_that_went_to_the_line_before_the_alert_are_taken_back_and_the_hold_and_the_history_say_so()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 5, seats: 3);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        await tenant.ApplyAsync([.. Enumerable.Range(0, 2).Select(user => tenant.Change(user, Tenant.Leaves) with { At = TimeProvider.System.GetUtcNow() })]);
        await tenant.SettledAsync();
        Assert.Equal(tenant.Users[2..].Select(user => user.UserId), await tenant.HoldersAsync());

        var alert = new MassDeactivation { AlertId = Guid.NewGuid(), At = TimeProvider.System.GetUtcNow(), Deactivated = 2, Users = 5 };
        await tenant.ApplyAsync(Facts.Directory(2, tenant.Account, tenant.Directory) with { LastAlert = alert });
        await tenant.SettledAsync();
        Assert.Equal([tenant.Users[2].UserId], await tenant.HoldersAsync());
        Assert.Equal(tenant.Users[3..].Select(user => user.UserId), await tenant.LineAsync());
        var hold = (await tenant.Client.GetAsync($"holds/{alert.AlertId}")).Body;
        Assert.Equal((2, 2), (hold.GetProperty("seats").GetInt32(), hold.GetProperty("takenBack").GetInt32()));
        var entry = (await tenant.Client.GetAsync($"users/{tenant.Users[3].UserId}/history")).Body.GetProperty("items")[0];
        Assert.Equal(("freed", "alert"), (entry.GetProperty("kind").GetString(), entry.GetProperty("reason").GetString()));

        await tenant.Client.PostAsync($"holds/{alert.AlertId}/release");
        await Eventually.BecomesAsync("the seats to be passed on", () => tenant.Client.UsedAsync(tenant.Pool), used => used == 3);
    }

    [Fact]
    public async Task Who_leaves_after_the_release_is_not_kept_back()
    {
        var (tenant, hold) = await MassAsync(leaving: 4, alertFirst: true);
        using var _ = tenant;
        await tenant.Client.PostAsync($"holds/{hold}/release");
        await Eventually.BecomesAsync("the seats to be passed on", () => tenant.Client.UsedAsync(tenant.Pool), used => used == 10);
        await tenant.ApplyAsync(tenant.Change(5, Tenant.Leaves) with { At = TimeProvider.System.GetUtcNow() });
        await tenant.SettledAsync();
        Assert.Equal(0, (await tenant.Client.GetAsync($"pools/{tenant.Pool}")).Body.GetProperty("held").GetInt32());
        await Eventually.TrueAsync("the next in line to get the seat", async () => (await tenant.HoldersAsync()).Contains(tenant.Users[14].UserId));
    }

    [Fact]
    public async Task Who_comes_back_gets_the_own_seat_that_is_kept_back()
    {
        var (tenant, _) = await MassAsync(leaving: 4, alertFirst: true);
        using var __ = tenant;
        await tenant.ChangeAsync(2, Tenant.Returns);
        await tenant.SettledAsync();
        await Eventually.TrueAsync("the own seat", async () => (await tenant.HoldersAsync()).Contains(tenant.Users[2].UserId));
        var pool = (await tenant.Client.GetAsync($"pools/{tenant.Pool}")).Body;
        Assert.Equal((7, 3, 5), (pool.GetProperty("used").GetInt32(), pool.GetProperty("held").GetInt32(), pool.GetProperty("waiting").GetInt32()));
    }

    [Fact]
    public async Task What_was_freed_long_before_or_after_the_alert_is_not_kept_back()
    {
        var now = TimeProvider.System.GetUtcNow();
        foreach (var leftAt in new[] { now - TimeSpan.FromMinutes(91), now + TimeSpan.FromMinutes(31) })
        {
            var (tenant, _) = await MassAsync(leaving: 4, alertFirst: true, leftAt, alertAt: now - TimeSpan.FromMinutes(30));
            using var __ = tenant;
            Assert.Equal(0, (await tenant.Client.GetAsync($"pools/{tenant.Pool}")).Body.GetProperty("held").GetInt32());
            Assert.Equal(10, await tenant.Client.UsedAsync(tenant.Pool));
        }
    }

    [Fact]
    public async Task A_hold_ends_by_itself_after_a_day()
    {
        var (tenant, hold) = await MassAsync(leaving: 4, alertFirst: true);
        using var _ = tenant;
        Assert.Equal(6, await tenant.Client.UsedAsync(tenant.Pool));
        await system.RowsAsync("UPDATE holds SET expires_at = now() WHERE hold_id = $1", _ => 0, hold);
        await Eventually.BecomesAsync("the seats to be passed on", () => tenant.Client.UsedAsync(tenant.Pool), used => used == 10);
        Assert.Equal("expired", (await tenant.Client.GetAsync($"holds/{hold}")).Body.GetProperty("state").GetString());
        var old = await MassAsync(leaving: 4, alertFirst: true, alertAt: TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(25));
        Assert.Empty((await old.Tenant.Client.GetAsync("holds")).Body.GetProperty("items").EnumerateArray());
        old.Tenant.Dispose();
    }
}
