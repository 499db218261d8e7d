using System.Net;
using System.Text.Json;
using Contracts.Events.V1;
using ServiceDefaults.Access;
using Testing;

namespace LicenseService.Tests.Rules;

/// <summary>What a rule would lead to is what it then leads to.</summary>
public sealed class RulePreviewTests(LicenseSystem system, ITestOutputHelper output)
{
    private static Task<Answer> PreviewAsync(Tenant tenant, int? order = null) =>
        tenant.Client.PostAsync($"pools/{tenant.Pool}/rules/preview", new { kind = "group", groupId = tenant.Group.GroupId, order });

    private static (long GetSeat, long HoldSeat, long Wait, long NotActive, long NoEmail) Counts(JsonElement preview) =>
        (Count(preview, "getSeat"), Count(preview, "holdSeat"), Count(preview, "wait"), Count(preview, "notActive"), Count(preview, "noEmail"));

    private static long Count(JsonElement preview, string part) => preview.GetProperty(part).GetProperty("count").GetInt64();

    private static List<Guid> First(JsonElement preview, string part) =>
        [.. preview.GetProperty(part).GetProperty("first").EnumerateArray().Select(user => user.GetProperty("userId").GetGuid())];

    [Fact]
    public async Task The_preview_of_a_rule_says_who_would_get_a_seat_who_would_wait_and_who_cannot_have_one()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 8, seats: 4);
        await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{tenant.Users[0].UserId}");
        await tenant.ChangeAsync(1, Tenant.Leaves);
        await tenant.ChangeAsync(2, user => user with { Email = null });
        await tenant.ChangeAsync(3, user => user with { Status = UserStatus.Removed });

        var preview = await PreviewAsync(tenant);
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        Assert.Equal((3, 1, 1, 1, 1), Counts(preview.Body));
        Assert.Equal(("group", "Field staff", "live", 0), (
            preview.Body.GetProperty("kind").GetString(), preview.Body.GetProperty("groupName").GetString(), preview.Body.GetProperty("groupStatus").GetString(),
            preview.Body.GetProperty("order").GetInt32()));
        Assert.Equal((4, 1, 3, 0, 0), (
            preview.Body.GetProperty("seats").GetInt32(), preview.Body.GetProperty("used").GetInt32(), preview.Body.GetProperty("free").GetInt32(),
            preview.Body.GetProperty("held").GetInt32(), preview.Body.GetProperty("freeAfter").GetInt32()));
        Assert.Equal([tenant.Users[0].UserId], First(preview.Body, "holdSeat"));
        Assert.Equal([tenant.Users[1].UserId], First(preview.Body, "notActive"));
        Assert.Equal([tenant.Users[2].UserId], First(preview.Body, "noEmail"));
        Assert.Equal("ada@example.com", preview.Body.GetProperty("getSeat").GetProperty("first")[0].GetProperty("userName").GetString());
        Assert.Empty((await tenant.Client.GetAsync($"pools/{tenant.Pool}/rules")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(1, await tenant.Client.UsedAsync(tenant.Pool));

        await tenant.RuleAsync();
        await tenant.SettledAsync();
        Assert.Equal(First(preview.Body, "getSeat").Append(tenant.Users[0].UserId).Order(), await tenant.HoldersAsync());
        Assert.Equal(First(preview.Body, "wait"), await tenant.LineAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Who_waits_already_keeps_the_place_that_the_order_of_the_rules_gives(int order)
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 3, seats: 0);
        var others = (await tenant.HireAsync(2)).ConvertAll(user => user.UserId);
        await tenant.ApplyAsync(tenant.Members(tenant.Users.Where(user => others.Contains(user.UserId)), present: false));
        await tenant.RuleAsync("allUsers", order: 1);
        await tenant.SettledAsync();
        var preview = (await PreviewAsync(tenant, order)).Body;
        Assert.Equal((0, 0, 3, 0, 0), Counts(preview));
        await tenant.RuleAsync(order: order);
        await tenant.SettledAsync();
        var line = await tenant.LineAsync();
        Assert.Equal(line.Where(user => !others.Contains(user)), First(preview, "wait"));
    }

    [Fact]
    public async Task Seats_that_a_hold_keeps_back_are_not_promised_to_others()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 3, seats: 2);
        await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{tenant.Users[0].UserId}");
        await tenant.ApplyAsync(Facts.Directory(1, tenant.Account, tenant.Directory) with
        {
            LastAlert = new() { AlertId = Guid.NewGuid(), At = TimeProvider.System.GetUtcNow(), Deactivated = 600, Users = 2_000 },
        });
        await tenant.ApplyAsync(tenant.Change(0, Tenant.Leaves) with { At = TimeProvider.System.GetUtcNow() });
        var preview = (await PreviewAsync(tenant)).Body;
        Assert.Equal((1, 0, 1, 1, 0), Counts(preview));
        Assert.Equal((2, 1, 1), (preview.GetProperty("free").GetInt32(), preview.GetProperty("held").GetInt32(), preview.GetProperty("freeAfter").GetInt32()));
        await tenant.ChangeAsync(0, Tenant.Returns);
        Assert.Equal((2, 0, 1, 0, 0), Counts((await PreviewAsync(tenant)).Body));
    }

    [Theory]
    [InlineData("allUsers", 3)]
    [InlineData("allScimUsers", 2)]
    [InlineData("allManualUsers", 1)]
    public async Task Rules_for_everybody_of_a_kind_are_previewed_too(string kind, int users)
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 2, seats: 9);
        await tenant.ApplyAsync(Facts.User(version: 1, tenant.Account));
        var preview = (await tenant.Client.PostAsync($"pools/{tenant.Pool}/rules/preview", new { kind })).Body;
        Assert.Equal((users, 0, 0, 0, 0), Counts(preview));
        Assert.Equal(9 - users, preview.GetProperty("freeAfter").GetInt32());
    }

    [Fact]
    public async Task The_preview_of_a_rule_s_end_says_who_would_lose_a_seat_and_who_would_keep_it()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 4, seats: 3);
        await tenant.Client.PostAsync($"pools/{tenant.Pool}/assignments/{tenant.Users[0].UserId}");
        var rule = await tenant.RuleAsync();
        await tenant.SettledAsync();
        var path = $"pools/{tenant.Pool}/rules/{rule}/preview";
        var preview = (await tenant.Client.GetAsync(path)).Body;
        Assert.Equal((2, 1, 1, 0, 2), (
            Count(preview, "loseSeat"), Count(preview, "keepSeat"), Count(preview, "leaveLine"), preview.GetProperty("free").GetInt32(), preview.GetProperty("freeAfter").GetInt32()));
        Assert.Equal([tenant.Users[0].UserId], First(preview, "keepSeat"));
        Assert.Equal(await tenant.LineAsync(), First(preview, "leaveLine"));
        Assert.Equal("noRule", (await tenant.Client.GetAsync($"pools/{tenant.Pool}/rules/{Guid.NewGuid()}/preview")).Reason);

        await tenant.Client.DeleteAsync($"pools/{tenant.Pool}/rules/{rule}");
        await tenant.SettledAsync();
        Assert.Equal([tenant.Users[0].UserId], await tenant.HoldersAsync());
        Assert.Empty(await tenant.LineAsync());
    }

    [Fact]
    public async Task Where_another_rule_gives_the_seat_as_well_nobody_would_lose_it()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 2, seats: 1);
        var rule = await tenant.RuleAsync();
        await tenant.RuleAsync("allUsers");
        await tenant.SettledAsync();
        var preview = (await tenant.Client.GetAsync($"pools/{tenant.Pool}/rules/{rule}/preview")).Body;
        Assert.Equal((0, 1, 0), (Count(preview, "loseSeat"), Count(preview, "keepSeat"), Count(preview, "leaveLine")));
    }

    [Fact]
    public async Task What_would_be_refused_is_refused_in_the_preview_and_an_auditor_may_ask()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 1, seats: 1);
        var path = $"pools/{tenant.Pool}/rules/preview";
        using var auditor = system.Client(tenant.Account, AdminRole.Auditor);
        Assert.Equal(HttpStatusCode.OK, (await auditor.PostAsync(path, new { kind = "allUsers" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await tenant.Client.PostAsync(path, new { kind = "some" })).Status);
        Assert.Equal("unknownGroup", (await tenant.Client.PostAsync(path, new { kind = "group", groupId = Guid.NewGuid() })).Reason);
        Assert.Equal("noPool", (await tenant.Client.PostAsync($"pools/{Guid.NewGuid()}/rules/preview", new { kind = "allUsers" })).Reason);
        await tenant.GroupBecomesAsync(GroupStatus.Disabled);
        var without = (await PreviewAsync(tenant)).Body;
        Assert.Equal(("disabled", (0, 0, 0, 0, 0)), (without.GetProperty("groupStatus").GetString(), Counts(without)));
        await tenant.RuleAsync();
        Assert.Equal("ruleExists", (await PreviewAsync(tenant)).Reason);
    }

    [Fact]
    public async Task A_group_of_100_000_is_previewed_without_comparing_everybody_with_everybody()
    {
        using var tenant = await Tenant.ArriveAsync(system, users: 0, seats: 60_000);
        await system.RowsAsync(
            """
            WITH made AS (
                INSERT INTO users (account_id, user_id, directory_id, scim_id, status, deactivations, has_email, user_name, version)
                SELECT $1, gen_random_uuid(), $2, gen_random_uuid(), CASE WHEN n % 10 = 0 THEN 'unassigned' ELSE 'active' END, 0, true, 'user' || n, 1
                FROM generate_series(1, 100000) n RETURNING user_id, scim_id)
            INSERT INTO edges (account_id, group_scim_id, user_scim_id, group_id, user_id, present, version)
            SELECT $1, $3, scim_id, $4, user_id, true, 2 FROM made
            """, row => 0, tenant.Account, tenant.Directory, tenant.Group.ScimId, tenant.Group.GroupId);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var preview = await PreviewAsync(tenant);
        output.WriteLine($"A preview of 100,000 members took {watch.ElapsedMilliseconds} ms");
        Assert.Equal((60_000, 0, 30_000, 10_000, 0), Counts(preview.Body));
        Assert.Equal(20, First(preview.Body, "getSeat").Count);
        // Measured 2.4 s in tables without statistics; a plan that compares everybody with everybody takes minutes.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }
}
