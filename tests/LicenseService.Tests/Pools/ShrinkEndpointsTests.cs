using System.Net;
using Npgsql;
using Testing;

namespace LicenseService.Tests.Pools;

public sealed class ShrinkEndpointsTests(LicenseSystem system)
{
    [Fact]
    public async Task A_pool_shrinks_below_what_is_in_use_only_when_the_admin_says_who_loses_and_the_preview_says_whom_it_will_be()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 4, seats: 4);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        var refused = await tenant.Client.PutAsync($"pools/{tenant.Pool}", new { seats = 1 });
        Assert.Equal((HttpStatusCode.Conflict, "seatsInUse"), (refused.Status, refused.Reason));
        Assert.Contains("3 users lose theirs", refused.Detail, StringComparison.Ordinal);

        var body = new { seats = 1, losers = new { by = "newestFirst" } };
        var preview = (await tenant.Client.PostAsync($"pools/{tenant.Pool}/preview", body)).Body;
        Assert.Equal((3, 3), (preview.GetProperty("missing").GetInt32(), preview.GetProperty("waitAgain").GetInt32()));
        var losers = preview.GetProperty("first").EnumerateArray().Select(loser => loser.GetProperty("userId").GetGuid()).ToList();
        Assert.Equal(4, await tenant.Client.UsedAsync(tenant.Pool));

        Assert.Equal(HttpStatusCode.OK, (await tenant.Client.PutAsync($"pools/{tenant.Pool}", body)).Status);
        await tenant.SettledAsync();
        Assert.Equal(tenant.Users.Select(user => user.UserId).Except(losers), await tenant.HoldersAsync());
        Assert.Equal(losers.Order(), await tenant.LineAsync()); // the rule gives them one: they wait
        var history = (await tenant.Client.GetAsync($"users/{losers[0]}/history")).Body.GetProperty("items")[0];
        Assert.Equal(("poolShrunk", "Test key"), (history.GetProperty("reason").GetString(), history.GetProperty("actor").GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Chosen_users_must_be_as_many_holders_as_seats_are_missing()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 3, seats: 3);
        await tenant.ApplyAsync(tenant.Members(tenant.Users, present: false));
        foreach (var user in tenant.Users) await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{user.UserId}");
        Task<Answer> ShrinkAsync(params Guid[] users) => tenant.Client.PutAsync($"pools/{tenant.Pool}", new { seats = 2, losers = new { by = "chosen", userIds = users } });
        Assert.Equal("chosenDoNotFit", (await ShrinkAsync(tenant.Users[0].UserId, tenant.Users[1].UserId)).Reason);
        Assert.Equal("chosenDoNotFit", (await ShrinkAsync(Guid.NewGuid())).Reason);
        Assert.Equal(HttpStatusCode.BadRequest, (await ShrinkAsync()).Status);
        Assert.Equal(3, await tenant.Client.UsedAsync(tenant.Pool));
        Assert.Equal(HttpStatusCode.OK, (await ShrinkAsync(tenant.Users[1].UserId)).Status);
        Assert.Equal([tenant.Users[0].UserId, tenant.Users[2].UserId], await tenant.HoldersAsync());
    }

    /// <summary>Somebody else gives a seat back between the choice of who loses and the change.</summary>
    [Fact]
    public async Task In_a_race_no_more_lose_than_seats_are_missing()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 4, seats: 4);
        await tenant.ApplyAsync(tenant.Members(tenant.Users, present: false));
        foreach (var user in tenant.Users) await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{user.UserId}");
        await using var session = await system.OpenAsync();
        await using var transaction = await session.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT FROM users WHERE user_id = $1 FOR NO KEY UPDATE", session, transaction) { Parameters = { new() { Value = tenant.Users[3].UserId } } })
            await hold.ExecuteNonQueryAsync();
        var shrinking = tenant.Client.PutAsync($"pools/{tenant.Pool}", new { seats = 2, losers = new { by = "newestFirst" } });
        await Eventually.TrueAsync("the change to wait for the one who loses", async () =>
            await system.RowsAsync("SELECT 1 FROM pg_locks WHERE NOT granted AND $1 = ANY(pg_blocking_pids(pid))", row => row.GetInt32(0), session.ProcessID) is not []);
        Assert.Equal(HttpStatusCode.NoContent, (await tenant.Client.DeleteAsync($"pools/{tenant.Pool}/assignments/{tenant.Users[0].UserId}")).Status);
        await transaction.CommitAsync();
        Assert.Equal(HttpStatusCode.OK, (await shrinking).Status);
        Assert.Equal([tenant.Users[1].UserId, tenant.Users[2].UserId], await tenant.HoldersAsync());
    }

    [Theory]
    [InlineData("""{"seats":1,"losers":{}}""", "'losers.by' must be one of: newestFirst, lastRuleFirst, chosen")]
    [InlineData("""{"seats":1,"losers":{"by":"luck"}}""", "'losers.by'")]
    [InlineData("""{"seats":1,"losers":{"by":"newestFirst","userIds":["a81a18b0-5a63-4c06-a0d5-33de3f2d2b44"]}}""", "'losers.userIds'")]
    public async Task A_choice_that_cannot_be_is_answered_with_what_is_wrong(string body, string expected)
    {
        using var client = system.Client(Guid.NewGuid());
        var pool = await client.PoolAsync(seats: 2);
        foreach (var answer in new[] { await client.PutAsync($"pools/{pool}", body), await client.PostAsync($"pools/{pool}/preview", body) })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(expected, answer.Detail, StringComparison.Ordinal);
        }
    }
}
