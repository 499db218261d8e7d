using System.Net;
using System.Text.Json;
using Contracts.Events.V1;
using ServiceDefaults.Access;
using Testing;

namespace LicenseService.Tests.Rules;

public sealed class RuleEndpointsTests(LicenseSystem system)
{
    [Fact]
    public async Task A_rule_gives_the_members_of_its_group_a_seat_and_its_end_takes_it_back()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 3, seats: 5);
        var made = await tenant.Client.PostAsync($"pools/{tenant.Pool}/rules", new { kind = "group", groupId = tenant.Group.GroupId });
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var rule = made.Body.GetProperty("id").GetGuid();
        Assert.Equal($"/api/v1/licenses/pools/{tenant.Pool}/rules/{rule}", made.Location);
        Assert.Equal("Field staff", made.Body.GetProperty("groupName").GetString());
        await tenant.SettledAsync();
        Assert.Equal(tenant.Users.Select(user => user.UserId).Order(), await tenant.HoldersAsync());
        var work = (await tenant.Client.GetAsync($"work/{made.Body.GetProperty("workId").GetGuid()}")).Body;
        Assert.Equal(("ruleMade", "done", 3, 3, 3), (
            work.GetProperty("cause").GetString(), work.GetProperty("state").GetString(), work.GetProperty("done").GetInt32(),
            work.GetProperty("total").GetInt32(), work.GetProperty("queued").GetInt32()));

        var one = (await tenant.Client.GetAsync($"users/{tenant.Users[0].UserId}")).Body.GetProperty("licenses")[0];
        Assert.True(one.GetProperty("holds").GetBoolean());
        Assert.Equal(("rule", rule, "Field staff"), Reason(one.GetProperty("reasons")[0]));

        // An admin gives one of them a seat as well: it has two reasons, and keeps the seat for the other one.
        Assert.Equal(HttpStatusCode.OK, (await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{tenant.Users[0].UserId}")).Status);
        Assert.Equal(["manual", "rule"], (await ReasonsAsync(tenant, 0)).Select(reason => reason.GetProperty("kind").GetString()));
        Assert.Equal("heldByRule", (await tenant.Client.DeleteAsync($"pools/{tenant.Pool}/assignments/{tenant.Users[1].UserId}")).Reason);

        var deleted = await tenant.Client.DeleteAsync($"pools/{tenant.Pool}/rules/{rule}");
        Assert.Equal(HttpStatusCode.Accepted, deleted.Status);
        Assert.Equal($"/api/v1/licenses/work/{deleted.Body.GetProperty("workId").GetGuid()}", deleted.Location);
        await tenant.SettledAsync();
        Assert.Equal([tenant.Users[0].UserId], await tenant.HoldersAsync());
        var history = (await tenant.Client.GetAsync($"users/{tenant.Users[1].UserId}/history")).Body.GetProperty("items");
        Assert.Equal(["freed noRule", "granted rule"], history.EnumerateArray().Select(item => $"{item.GetProperty("kind").GetString()} {item.GetProperty("reason").GetString()}"));
        Assert.Equal("noRule", (await tenant.Client.DeleteAsync($"pools/{tenant.Pool}/rules/{rule}")).Reason);
    }

    [Fact]
    public async Task Taking_back_what_a_rule_gives_too_ends_the_admin_s_reason_alone()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 1, seats: 1);
        var path = $"pools/{tenant.Pool}/assignments/{tenant.Users[0].UserId}";
        Assert.Equal(HttpStatusCode.Created, (await tenant.Client.PostAsync(path)).Status);
        await tenant.RuleAsync();
        var kept = await tenant.Client.DeleteAsync(path);
        Assert.Equal(HttpStatusCode.OK, kept.Status);
        Assert.False(kept.Body.GetProperty("manual").GetBoolean());
        Assert.Equal(1, await tenant.Client.UsedAsync(tenant.Pool));
        Assert.Equal("heldByRule", (await tenant.Client.DeleteAsync(path)).Reason);
        var history = (await tenant.Client.GetAsync($"pools/{tenant.Pool}/history")).Body.GetProperty("items");
        Assert.Equal(["reasonEnded", "granted", "resized"], history.EnumerateArray().Select(item => item.GetProperty("kind").GetString()));
    }

    [Theory]
    [InlineData(GroupStatus.Disabled)]
    [InlineData(GroupStatus.Deleted)]
    [InlineData(GroupStatus.Removed)]
    public async Task A_group_without_effect_gives_no_seats_until_it_is_live_again(GroupStatus status)
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 4, seats: 4);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        Assert.Equal(4, await tenant.Client.UsedAsync(tenant.Pool));
        await tenant.GroupBecomesAsync(status);
        await tenant.SettledAsync();
        Assert.Equal(0, await tenant.Client.UsedAsync(tenant.Pool));
        await tenant.GroupBecomesAsync(GroupStatus.Live);
        await tenant.SettledAsync();
        Assert.Equal(4, await tenant.Client.UsedAsync(tenant.Pool));
        await tenant.ApplyAsync(tenant.Members(tenant.Users, present: false));
        await tenant.SettledAsync();
        Assert.Equal(0, await tenant.Client.UsedAsync(tenant.Pool));
    }

    [Fact]
    public async Task A_user_who_is_active_again_has_a_seat_only_where_a_rule_gives_one()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 2, seats: 2);
        await tenant.ApplyAsync(tenant.Members([tenant.Users[1]], present: false));
        foreach (var user in tenant.Users) await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{user.UserId}");
        await tenant.RuleAsync();
        for (var user = 0; user < 2; user++) await tenant.ChangeAsync(user, Tenant.Leaves);
        Assert.Equal(0, await tenant.Client.UsedAsync(tenant.Pool));
        for (var user = 0; user < 2; user++) await tenant.ChangeAsync(user, Tenant.Returns);
        await tenant.SettledAsync();
        Assert.Equal([tenant.Users[0].UserId], await tenant.HoldersAsync());
        Assert.Equal("rule", Assert.Single(await ReasonsAsync(tenant, 0)).GetProperty("kind").GetString());
        Assert.Equal(["noReason"], await ObstaclesAsync(tenant, 1));
    }

    [Fact]
    public async Task When_seats_run_out_the_rest_wait_in_line_an_alert_tells_of_it_and_a_free_seat_goes_to_the_first()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 5, seats: 2);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        var ids = tenant.Users.Select(user => user.UserId).ToList();
        Assert.Equal(ids.Take(2), await tenant.HoldersAsync()); // all since the same moment, so by id
        Assert.Equal(ids.Skip(2), await tenant.LineAsync());
        Assert.Equal(3, (await tenant.Client.GetAsync($"pools/{tenant.Pool}")).Body.GetProperty("waiting").GetInt32());
        await Eventually.TrueAsync("the alert", async () => (await AlertsAsync(tenant)) is [{ } alert] && alert.GetProperty("resolvedAt").ValueKind == JsonValueKind.Null);
        Assert.Equal("poolFull", Assert.Single(await ObstaclesAsync(tenant, 3)));
        var standing = (await tenant.Client.GetAsync($"users/{ids[3]}")).Body;
        Assert.Equal(1, standing.GetProperty("licenses")[0].GetProperty("waiting").GetProperty("ahead").GetInt32());
        Assert.Equal("poolFull", Assert.Single(standing.GetProperty("refusals").EnumerateArray()).GetProperty("reason").GetString());

        await tenant.ChangeAsync(0, Tenant.Leaves);
        await tenant.SettledAsync();
        Assert.Equal([ids[1], ids[2]], await tenant.HoldersAsync());
        Assert.Equal(HttpStatusCode.OK, (await tenant.Client.PutAsync($"pools/{tenant.Pool}", new { seats = 10 })).Status);
        await tenant.SettledAsync();
        Assert.Equal(ids.Skip(1), await tenant.HoldersAsync());
        await Eventually.TrueAsync("the alert to be over", async () => (await AlertsAsync(tenant)) is [{ } alert] && alert.GetProperty("resolvedAt").ValueKind != JsonValueKind.Null);
    }

    [Fact]
    public async Task A_rule_that_comes_first_puts_its_users_first_in_line_and_takes_no_seat_from_anybody()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 4, seats: 1);
        var everybody = await tenant.RuleAsync("allUsers", order: 5);
        await tenant.SettledAsync();
        var ids = tenant.Users.Select(user => user.UserId).ToList();
        await tenant.ApplyAsync(tenant.Members(tenant.Users.Take(3), present: false));
        var group = await tenant.RuleAsync(order: 1);
        await tenant.SettledAsync();
        Assert.Equal([ids[0]], await tenant.HoldersAsync());
        Assert.Equal([ids[3], ids[1], ids[2]], await tenant.LineAsync());
        Assert.Equal(HttpStatusCode.OK, (await tenant.Client.PutAsync($"pools/{tenant.Pool}/rules/{group}", new { order = 9 })).Status);
        await tenant.SettledAsync();
        Assert.Equal([ids[1], ids[2], ids[3]], await tenant.LineAsync());
        var rules = (await tenant.Client.GetAsync($"pools/{tenant.Pool}/rules")).Body.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([everybody, group], rules.Select(rule => rule.GetProperty("id").GetGuid()));
        Assert.Equal([3, 0], rules.Select(rule => rule.GetProperty("waiting").GetInt32()));
    }

    [Fact]
    public async Task Who_was_not_active_while_waiting_begins_at_the_end_of_the_line()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 3, seats: 0);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        var ids = tenant.Users.Select(user => user.UserId).ToList();
        Assert.Equal(ids, await tenant.LineAsync());
        // Only the newest state is seen: active, but not all the time.
        await tenant.ChangeAsync(0, user => Tenant.Returns(Tenant.Leaves(user)));
        await tenant.SettledAsync();
        Assert.Equal([ids[1], ids[2], ids[0]], await tenant.LineAsync());
        await tenant.ChangeAsync(1, user => user with { DisplayName = "Somebody else" });
        await tenant.SettledAsync();
        Assert.Equal([ids[1], ids[2], ids[0]], await tenant.LineAsync());
    }

    [Fact]
    public async Task The_line_is_paged()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 5, seats: 0);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        var seen = new List<Guid>();
        for (var path = $"pools/{tenant.Pool}/waiting?limit=2"; ;)
        {
            var body = (await tenant.Client.GetAsync(path)).Body;
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("userId").GetGuid()));
            if (body.GetProperty("next").GetString() is not { } next) break;
            path = $"pools/{tenant.Pool}/waiting?limit=2&after={next}";
        }
        Assert.Equal(tenant.Users.Select(user => user.UserId), seen);
        Assert.Equal(HttpStatusCode.BadRequest, (await tenant.Client.GetAsync($"pools/{tenant.Pool}/waiting?after=me")).Status);
    }

    [Fact]
    public async Task Who_has_no_email_address_gets_no_seat_and_the_reason_is_shown()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 1, seats: 1);
        await tenant.RuleAsync();
        await tenant.SettledAsync();
        await tenant.ChangeAsync(0, user => user with { Email = null });
        await tenant.SettledAsync();
        Assert.Empty(await tenant.HoldersAsync());
        Assert.Equal(["noEmail"], await ObstaclesAsync(tenant, 0));
        var refusals = (await tenant.Client.GetAsync($"users/{tenant.Users[0].UserId}")).Body.GetProperty("refusals");
        Assert.Equal("noEmail", Assert.Single(refusals.EnumerateArray()).GetProperty("reason").GetString());
        await tenant.ChangeAsync(0, user => user with { Email = "ada@example.com" });
        await tenant.SettledAsync();
        Assert.Single(await tenant.HoldersAsync());
    }

    [Theory]
    [InlineData("""{"kind":"everybody"}""", "'kind' must be one of: allUsers, allScimUsers, allManualUsers, group")]
    [InlineData("""{"kind":"AllUsers"}""", "'kind'")]
    [InlineData("""{"kind":"1"}""", "'kind'")]
    [InlineData("{}", "'kind'")]
    [InlineData("""{"kind":"group"}""", "'groupId' must name the group")]
    [InlineData("""{"kind":"allUsers","groupId":"a81a18b0-5a63-4c06-a0d5-33de3f2d2b44"}""", "'groupId' goes with")]
    [InlineData("""{"kind":"allUsers","order":-1}""", "'order'")]
    public async Task A_rule_that_cannot_be_is_answered_with_what_is_wrong(string body, string expected)
    {
        using var client = system.Client(Guid.NewGuid());
        var answer = await client.PostAsync($"pools/{await client.PoolAsync(seats: 1)}/rules", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(expected, answer.Detail, StringComparison.Ordinal);
        Assert.Equal("invalid", answer.Reason);
    }

    [Fact]
    public async Task Rules_are_refused_with_a_reason_and_what_to_do()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 1, seats: 1);
        var unknown = await tenant.Client.PostAsync($"pools/{tenant.Pool}/rules", new { kind = "group", groupId = Guid.NewGuid() });
        Assert.Equal((HttpStatusCode.Conflict, "unknownGroup", null), (unknown.Status, unknown.Reason, unknown.RetryAfter));
        system.Directory.Current[tenant.Account] = null;
        var undecided = await tenant.Client.PostAsync($"pools/{tenant.Pool}/rules", new { kind = "group", groupId = Guid.NewGuid() });
        Assert.Equal((HttpStatusCode.Conflict, "unknownGroup", TimeSpan.FromSeconds(5)), (undecided.Status, undecided.Reason, undecided.RetryAfter));
        await tenant.RuleAsync("allUsers");
        Assert.Equal("ruleExists", (await tenant.Client.PostAsync($"pools/{tenant.Pool}/rules", new { kind = "allUsers" })).Reason);
        Assert.Equal("noPool", (await tenant.Client.PostAsync($"pools/{Guid.NewGuid()}/rules", new { kind = "allUsers" })).Reason);
        Assert.Equal("noRule", (await tenant.Client.PutAsync($"pools/{tenant.Pool}/rules/{Guid.NewGuid()}", new { order = 1 })).Reason);
        Assert.Equal("noWork", (await tenant.Client.GetAsync($"work/{Guid.NewGuid()}")).Reason);
        Assert.Equal("unknownUser", (await tenant.Client.GetAsync($"users/{Guid.NewGuid()}")).Reason);
        Assert.Equal("noHold", (await tenant.Client.PostAsync($"holds/{Guid.NewGuid()}/release")).Reason);
    }

    [Fact]
    public async Task An_auditor_looks_and_another_account_sees_nothing()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 1, seats: 1);
        var rule = await tenant.RuleAsync();
        using var auditor = system.Client(tenant.Account, AdminRole.Auditor);
        foreach (var path in new[] { $"pools/{tenant.Pool}/rules", $"pools/{tenant.Pool}/rules/{rule}", $"pools/{tenant.Pool}/waiting", $"pools/{tenant.Pool}/history", "alerts", "holds", "work", $"users/{tenant.Users[0].UserId}" })
            Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await auditor.PostAsync($"pools/{tenant.Pool}/preview", new { seats = 0 })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"pools/{tenant.Pool}/rules", new { kind = "allUsers" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PutAsync($"pools/{tenant.Pool}/rules/{rule}", new { order = 1 })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.DeleteAsync($"pools/{tenant.Pool}/rules/{rule}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync($"holds/{Guid.NewGuid()}/release")).Status);

        using var stranger = system.Client(Guid.NewGuid());
        foreach (var path in new[] { $"pools/{tenant.Pool}/rules", $"pools/{tenant.Pool}/rules/{rule}", $"pools/{tenant.Pool}/waiting", $"pools/{tenant.Pool}/history", $"users/{tenant.Users[0].UserId}" })
            Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync($"pools/{tenant.Pool}/rules/{rule}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"pools/{tenant.Pool}/preview", new { seats = 0 })).Status);
        Assert.Empty((await stranger.GetAsync("work")).Body.GetProperty("items").EnumerateArray());
    }

    private static (string?, Guid, string?) Reason(JsonElement reason) =>
        (reason.GetProperty("kind").GetString(), reason.GetProperty("ruleId").GetGuid(), reason.GetProperty("groupName").GetString());

    private static async Task<List<JsonElement>> ReasonsAsync(Tenant tenant, int user) =>
        [.. (await tenant.Client.GetAsync($"users/{tenant.Users[user].UserId}")).Body.GetProperty("licenses")[0].GetProperty("reasons").EnumerateArray()];

    private static async Task<List<string?>> ObstaclesAsync(Tenant tenant, int user) =>
        [.. (await tenant.Client.GetAsync($"users/{tenant.Users[user].UserId}")).Body.GetProperty("licenses")[0].GetProperty("obstacles").EnumerateArray().Select(word => word.GetString())];

    private static async Task<List<JsonElement>> AlertsAsync(Tenant tenant) =>
        [.. (await tenant.Client.GetAsync("alerts")).Body.GetProperty("items").EnumerateArray()];
}
