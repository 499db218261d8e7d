using System.Net;
using Contracts.Events.V1;
using ServiceDefaults.Access;
using Testing;

namespace LicenseService.Tests.Assignments;

/// <summary>An admin gives seats, looks at them and takes them back.</summary>
public sealed class AssignmentEndpointsTests(LicenseSystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task A_seat_is_given_shown_and_taken_back()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var user = await system.UserAsync(account);

        var given = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal(HttpStatusCode.Created, given.Status);
        Assert.Equal($"/api/v1/licenses/pools/{pool}/assignments/{user}", given.Location);
        Assert.Equal(pool, given.Body.GetProperty("poolId").GetGuid());
        Assert.Equal(user, given.Body.GetProperty("userId").GetGuid());
        Assert.Equal("ada@example.com", given.Body.GetProperty("userName").GetString());
        Assert.Equal("Test key", given.Body.GetProperty("assignedBy").GetProperty("name").GetString());
        Assert.Equal(["kind", "id", "name"], given.Body.GetProperty("assignedBy").EnumerateObject().Select(member => member.Name)); // and no trace

        var again = await client.PostAsync($"pools/{pool}/assignments/{user}");
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(given.Body.GetRawText(), again.Body.GetRawText());
        Assert.Equal(given.Body.GetRawText(), (await client.GetAsync($"pools/{pool}/assignments/{user}")).Body.GetRawText());
        Assert.Equal(1, await client.UsedAsync(pool));

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(0, await client.UsedAsync(pool));
        Assert.Equal(["granted assigned", "freed unassigned"], await system.SeatHistoryAsync(account, user));
    }

    [Fact]
    public async Task The_history_of_a_user_tells_how_its_seats_came_and_went()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 2);
        var active = Facts.User(version: 1, account);
        await system.ApplyAsync(active);
        await client.PostAsync($"pools/{pool}/assignments/{active.UserId}");
        await system.ApplyAsync(active with { EventId = Guid.NewGuid(), Version = 2, Status = UserStatus.Unassigned, Deactivations = 1 });

        var items = (await client.GetAsync($"users/{active.UserId}/history")).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["freed notActive ZTNA", "granted assigned ZTNA"], items.Select(item =>
            $"{item.GetProperty("kind").GetString()} {item.GetProperty("reason").GetString()} {item.GetProperty("product").GetString()}"));
        Assert.Equal("scimToken", items[0].GetProperty("actor").GetProperty("kind").GetString());
        var older = await client.GetAsync($"users/{active.UserId}/history?limit=1&before={Uri.EscapeDataString(items[0].GetProperty("at").GetString()!)}");
        Assert.Equal("granted", Assert.Single(older.Body.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Empty((await stranger.GetAsync($"users/{active.UserId}/history")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"users/{active.UserId}/history?limit=0")).Status);
    }

    [Fact]
    public async Task Assignments_are_paged_by_user_id()
    {
        using var client = system.Client(account);
        var pool = await client.PoolAsync(seats: 10);
        for (var i = 0; i < 5; i++) await client.PostAsync($"pools/{pool}/assignments/{await system.UserAsync(account)}");
        var seen = new List<Guid>();
        var path = $"pools/{pool}/assignments?limit=2";
        for (var pages = 1; ; pages++)
        {
            var body = (await client.GetAsync(path)).Body;
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("userId").GetGuid()));
            if (body.GetProperty("next").GetString() is not { } next)
            {
                Assert.Equal(3, pages);
                break;
            }
            path = $"pools/{pool}/assignments?limit=2&after={next}";
        }
        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task Another_account_sees_neither_the_pool_nor_its_assignments_nor_the_user()
    {
        using var owner = system.Client(account);
        var pool = await owner.PoolAsync(seats: 2);
        var user = await system.UserAsync(account);
        await owner.PostAsync($"pools/{pool}/assignments/{user}");

        using var stranger = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"pools/{pool}/assignments")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
        var own = await stranger.PoolAsync(seats: 2);
        Assert.Equal("unknownUser", (await stranger.PostAsync($"pools/{own}/assignments/{user}")).Reason);
        Assert.Equal(1, await owner.UsedAsync(pool));
    }

    [Fact]
    public async Task An_auditor_may_look_but_not_assign()
    {
        using var owner = system.Client(account);
        var pool = await owner.PoolAsync(seats: 2);
        var user = await system.UserAsync(account);
        using var auditor = system.Client(account, AdminRole.Auditor);
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync($"pools/{pool}/assignments")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"pools/{pool}/assignments/{user}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.DeleteAsync($"pools/{pool}/assignments/{user}")).Status);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=many")]
    [InlineData("after=me")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        using var client = system.Client(account);
        var answer = await client.GetAsync($"pools/{await client.PoolAsync(seats: 1)}/assignments?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(query.Split('=')[0], answer.Detail, StringComparison.Ordinal);
    }
}
