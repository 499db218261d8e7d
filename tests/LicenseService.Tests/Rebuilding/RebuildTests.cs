using System.Net;
using System.Text.Json;
using Contracts.Events.V1;
using Testing;

namespace LicenseService.Tests.Rebuilding;

/// <summary>What a rebuild means for seats; the rebuild itself is shown by the same tests of the policy service.</summary>
public sealed class RebuildTests(LicenseSystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task Seats_follow_what_the_rebuild_found()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 10);
        var users = Enumerable.Range(0, 4).Select(i => Facts.User(version: 1, account, userName: $"user{i}@example.com")).ToArray();
        await system.ApplyAsync(users);
        foreach (var user in users) await client.PostAsync($"pools/{pool}/assignments/{user.UserId}");
        Assert.Equal(4, await client.UsedAsync(pool));

        // Facts that never came: off; off and on again; without an address. The last user is as it was.
        Directory(
            users[0] with { Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 },
            users[1] with { Version = 3, Deactivations = 1 },
            users[2] with { Version = 2, Email = null },
            users[3]);
        var rebuild = await RebuildAsync(client);

        Assert.Equal(3, rebuild.GetProperty("differences").GetProperty("users").GetProperty("wrong").GetInt32());
        Assert.Equal(1, await client.UsedAsync(pool));
        var history = await system.RowsAsync(
            "SELECT reason, actor_id FROM grant_history WHERE account_id = $1 AND kind = 'freed' ORDER BY reason", row => (row.GetString(0), row.GetString(1)), account);
        Assert.Equal([("noEmail", "rebuild"), ("notActive", "rebuild"), ("wasNotActive", "rebuild")], history);
    }

    [Fact]
    public async Task A_seat_that_the_rebuild_frees_is_kept_back_while_its_directory_has_an_open_alert()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 3);
        var (alerted, other) = (Guid.NewGuid(), Guid.NewGuid());
        UserChanged[] users = [.. new[] { alerted, other, alerted }.Select(directory => Facts.User(version: 1, account, directory: directory))];
        await system.ApplyAsync(users);
        foreach (var user in users) await client.PostAsync($"pools/{pool}/assignments/{user.UserId}");
        Directory(
            Facts.Directory(2, account, alerted) with { LastAlert = new() { AlertId = Guid.NewGuid(), At = TimeProvider.System.GetUtcNow(), Deactivated = 600, Users = 2_000 } },
            users[0] with { Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 },
            users[1] with { Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 },
            users[2]);
        await RebuildAsync(client);
        await system.SettledAsync(account);
        Assert.Equal([users[0].UserId], await system.RowsAsync("SELECT user_id FROM held_seats WHERE account_id = $1", row => row.GetGuid(0), account));
        Assert.Equal(1, await client.UsedAsync(pool));
    }

    [Fact]
    public async Task Groups_and_members_that_were_dropped_before_this_version_are_filled_in()
    {
        using var client = system.Client(account);
        var user = Facts.User(version: 1, account);
        var (group, scimId) = (Guid.NewGuid(), Guid.NewGuid());
        await system.ApplyAsync(user);
        Directory(user, Facts.Group(2, account, group, scimId), Facts.Members(2, account, group, scimId, (user.UserId, user.ScimId, true)));
        var rebuild = await RebuildAsync(client);
        Assert.NotEqual(rebuild.GetProperty("checksumBefore").GetString(), rebuild.GetProperty("checksumAfter").GetString());
        Assert.Equal([user.UserId], await system.RowsAsync("SELECT user_id FROM edges WHERE account_id = $1 AND group_id = $2 AND present", row => row.GetGuid(0), account, group));
        Assert.Equal(0, (await RebuildAsync(client)).GetProperty("differences").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task The_lag_is_told()
    {
        using var client = system.Client(account);
        var lag = await client.GetAsync("lag");
        Assert.Equal((HttpStatusCode.OK, 0), (lag.Status, lag.Body.GetProperty("unpublished").GetInt32()));
    }

    private void Directory(params IFact[] state) => system.Directory.States[account] = () => state.ToAsyncEnumerable();

    private static async Task<JsonElement> RebuildAsync(LicenseClient client)
    {
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("rebuild")).Status);
        var (rebuild, _) = await Eventually.BecomesAsync(
            "the end of the rebuild", async () => (await client.GetAsync("rebuild")).Body, now => now.GetProperty("state").GetString() != "running");
        Assert.Equal("done", rebuild.GetProperty("state").GetString());
        return rebuild;
    }
}
