using System.Diagnostics;
using System.Net;
using Contracts.Events.V1;
using Testing;

namespace LicenseService.Tests.FactReactions;

/// <summary>Facts through the broker.</summary>
public sealed class FactsTests(LicenseSystem system, ITestOutputHelper output)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_user_who_is_no_longer_active_loses_the_seat_and_the_next_one_gets_it()
    {
        system.Directory.Current[account] = null; // what counts here is what the broker brings
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 1);
        var (ada, bob) = (Facts.User(version: 1, account), Facts.User(version: 1, account, userName: "bob@example.com"));
        await system.PublishAsync(ada);
        await system.PublishAsync(bob);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync($"pools/{pool}/assignments/{ada.UserId}")).Status);
        Assert.Equal("poolFull", (await client.PostAsync($"pools/{pool}/assignments/{bob.UserId}")).Reason);

        var watch = Stopwatch.StartNew();
        await system.PublishAsync(ada with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 });
        await Eventually.BecomesAsync("the seat to be free", () => client.UsedAsync(pool), used => used == 0);
        output.WriteLine($"From publish to a free seat seen over HTTP: {watch.ElapsedMilliseconds} ms");

        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync($"pools/{pool}/assignments/{bob.UserId}")).Status);
        Assert.Equal("notActive", (await client.PostAsync($"pools/{pool}/assignments/{ada.UserId}")).Reason);
    }

    [Fact]
    public async Task A_seat_is_freed_although_the_fact_of_the_deactivation_comes_late_or_never()
    {
        system.Directory.Current[account] = null; // what counts here is what the broker brings
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 1);
        var active = Facts.User(version: 1, account);
        var inactive = active with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Disabled, Deactivations = 1 };
        var again = active with { EventId = Guid.NewGuid(), Version = 3, Deactivations = 1 };
        await system.PublishAsync(active);
        await client.PostAsync($"pools/{pool}/assignments/{active.UserId}");

        await system.PublishAsync(again);
        await Eventually.BecomesAsync("the seat to be free", () => client.UsedAsync(pool), used => used == 0);

        // A seat given after that survives the late fact.
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync($"pools/{pool}/assignments/{active.UserId}")).Status);
        await system.PublishAsync(inactive);
        await system.PublishAsync(active);
        var last = Facts.User(version: 1, account);
        await system.PublishAsync(last);
        await Eventually.TrueAsync("the facts behind it", async () => await VersionAsync(last.UserId) == 1);
        Assert.Equal(1, await client.UsedAsync(pool));
    }

    [Fact]
    public async Task Facts_of_groups_leave_nothing_behind_in_the_broker()
    {
        var group = Guid.NewGuid();
        await system.PublishAsync(Facts.Group(version: 1, account, group, Guid.NewGuid()));
        await system.PublishAsync(Facts.Members(version: 2, account, group, Guid.NewGuid(), (Guid.NewGuid(), Guid.NewGuid(), true)));
        var directory = Guid.NewGuid();
        await system.PublishAsync(new DirectoryChanged
        {
            EventId = Guid.NewGuid(), AccountId = account, DirectoryId = directory, Version = 1, Name = "Contoso", Provider = "EntraId",
            Deleted = false, Change = Change.Created, Actor = Facts.Actor, At = Facts.At,
        });
        await Eventually.TrueAsync("the directory", async () =>
            (await system.RowsAsync("SELECT name FROM directories WHERE directory_id = $1", row => row.GetString(0), directory)) is ["Contoso"]);
        Assert.False(await Broker.QueueExistsAsync("license.facts_skipped"));
        Assert.Equal(0u, await Broker.CountAsync("license.facts_error"));
    }

    private async Task<long> VersionAsync(Guid user) =>
        (await system.RowsAsync("SELECT version FROM users WHERE user_id = $1", row => row.GetInt64(0), user)).SingleOrDefault();
}
