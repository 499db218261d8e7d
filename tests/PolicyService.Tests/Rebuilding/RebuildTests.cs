using System.Net;
using System.Text.Json;
using Contracts.Events.V1;
using ServiceDefaults.Access;
using Testing;

namespace PolicyService.Tests.Rebuilding;

/// <summary>What a rebuild finds, corrects and leaves alone.</summary>
public sealed class RebuildTests(PolicySystem system) : IDisposable
{
    private readonly Tenant tenant = new(system);

    private TestUser User(string name) => new(tenant.Account, name);

    private TestGroup Group(string name) => new(tenant.Account, name);

    [Fact]
    public async Task Where_nothing_was_wrong_the_checksum_is_the_same_and_no_row_is_written()
    {
        var (ada, bob, staff) = (User("ada"), User("bob"), Group("Staff"));
        await tenant.ArrivedAsync(ada.Is(), bob.Is(UserStatus.Disabled), staff.Is(), staff.Members(true, ada, bob));
        var before = await WritersAsync();
        var rebuild = await tenant.RebuildAsync();
        Assert.Equal(("done", 0), (rebuild.GetProperty("state").GetString(), Found(rebuild)));
        Assert.Equal(Text(rebuild, "checksumBefore"), Text(rebuild, "checksumAfter"));
        Assert.Equal(5, rebuild.GetProperty("rowsRead").GetInt64());
        Assert.Equal(before, await WritersAsync());
        Assert.Empty(await tenant.ShadowsAsync());
    }

    [Fact]
    public async Task What_was_damaged_by_hand_comes_out_right_and_is_reported()
    {
        var users = Enumerable.Range(0, 6).Select(i => User($"user{i}")).ToArray();
        var (staff, sales) = (Group("Staff"), Group("Sales"));
        await tenant.ArrivedAsync([.. users.Select(user => user.Is()), staff.Is(), sales.Is(), staff.Members(true, users), sales.Members(true, users[..2])]);
        await DamageAsync("DELETE FROM users WHERE user_id = $1", users[0].Id);
        await DamageAsync("UPDATE users SET status = 'disabled' WHERE user_id = $1", users[1].Id);
        await DamageAsync("UPDATE users SET version = 1000 WHERE user_id = $1", users[2].Id); // it would take no more facts
        await DamageAsync("INSERT INTO users SELECT account_id, gen_random_uuid(), NULL, gen_random_uuid(), 'active', 'ghost', NULL, 1, 0, true FROM users WHERE user_id = $1", users[3].Id);
        await DamageAsync("UPDATE groups SET display_name = 'Other' WHERE group_id = $1", sales.Id);
        await DamageAsync("UPDATE edges SET present = false WHERE user_id = $1 AND group_id = $2", users[4].Id, staff.Id);
        await DamageAsync("INSERT INTO edges SELECT account_id, $3, user_scim_id, $2, user_id, true, 1 FROM edges WHERE user_id = $1", users[5].Id, sales.Id, sales.ScimId);
        await DamageAsync("DELETE FROM edges WHERE user_id = $1 AND group_id = $2", users[1].Id, sales.Id);

        var rebuild = await tenant.RebuildAsync();

        var found = rebuild.GetProperty("differences");
        Assert.Equal((1, 1, 2), Found(found, "users"));
        Assert.Equal((0, 0, 1), Found(found, "groups"));
        Assert.Equal((2, 1, 0), Found(found, "memberships"));
        Assert.NotEqual(Text(rebuild, "checksumBefore"), Text(rebuild, "checksumAfter"));
        await tenant.AssertInEffectAsync();
        var again = await tenant.RebuildAsync();
        Assert.Equal((0, Text(rebuild, "checksumAfter"), Text(rebuild, "checksumAfter")), (Found(again), Text(again, "checksumBefore"), Text(again, "checksumAfter")));
        await tenant.ArrivedAsync(users[2].Is(UserStatus.Removed));
        await tenant.AssertInEffectAsync();
    }

    [Fact]
    public async Task An_old_fact_that_comes_after_the_rebuild_brings_no_edge_back()
    {
        var (ada, staff) = (User("ada"), Group("Staff"));
        await tenant.ArrivedAsync(ada.Is(), staff.Is());
        var (joins, leaves) = (staff.Members(true, ada), staff.Members(false, ada));
        await tenant.ArrivedAsync(joins, leaves);
        await tenant.RebuildAsync();
        Assert.DoesNotContain(await tenant.RowsAsync(), row => row.StartsWith("edge", StringComparison.Ordinal)); // the removal need not be remembered
        await system.ApplyAsync(joins);
        await tenant.AssertInEffectAsync();
        await tenant.ArrivedAsync(staff.Members(true, ada));
        Assert.Single(tenant.Fold().Effective());
        await tenant.AssertInEffectAsync();
    }

    [Fact]
    public async Task A_service_that_has_lost_everything_is_filled_again()
    {
        var users = Enumerable.Range(0, 2_500).Select(i => User($"user{i}")).ToArray();
        var (staff, sales) = (Group("Staff"), Group("Sales"));
        tenant.Happened([
            .. users.Select(user => user.Is()), staff.Is(), sales.Is(),
            .. users.Chunk(MembersChanged.MaxEdges).Select(part => staff.Members(true, part)), sales.Members(true, users[..10])]);
        var rebuild = await tenant.RebuildAsync();
        Assert.Equal((2_500, 0, 0), Found(rebuild.GetProperty("differences"), "users"));
        Assert.Equal((2_510, 0, 0), Found(rebuild.GetProperty("differences"), "memberships"));
        Assert.Equal(5_012, rebuild.GetProperty("rowsRead").GetInt64());
        await tenant.AssertInEffectAsync();
    }

    [Fact]
    public async Task A_feed_that_breaks_off_changes_nothing()
    {
        var (ada, staff) = (User("ada"), Group("Staff"));
        await tenant.ArrivedAsync(ada.Is(), staff.Is(), staff.Members(true, ada));
        var before = await tenant.RowsAsync();
        system.Directory.States[tenant.Account] = Broken;
        var rebuild = await tenant.RebuildAsync();
        Assert.Equal("failed", Text(rebuild, "state"));
        Assert.NotEqual("", Text(rebuild, "error"));
        Assert.Equal(before, await tenant.RowsAsync());
        Assert.Empty(await tenant.ShadowsAsync());

        static async IAsyncEnumerable<IFact> Broken()
        {
            await Task.Yield();
            yield return Facts.User(version: 9);
            throw new InvalidOperationException("the directory service went away");
        }
    }

    [Fact]
    public async Task An_access_token_that_expires_while_the_directory_is_read_does_not_matter()
    {
        tenant.Happened(User("ada").Is());
        system.Directory.Backlogs[tenant.Account] = null;
        Assert.Equal(("done", 1), (await tenant.RebuildAsync() is var rebuild ? Text(rebuild, "state") : null, Found(rebuild)));
        await tenant.AssertInEffectAsync();
    }

    [Fact]
    public async Task Only_who_may_write_may_start_one()
    {
        using var auditor = system.Client(tenant.Account, AdminRole.Auditor);
        Assert.Equal(HttpStatusCode.Forbidden, (await auditor.PostAsync("policies/rebuild", new { })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await auditor.GetAsync("policies/rebuild")).Status);
    }

    private async Task DamageAsync(string sql, params object[] values) => await system.RowsAsync(sql, row => row.FieldCount, values);

    /// <summary>The transaction that wrote each row last.</summary>
    private Task<List<string>> WritersAsync() => system.RowsAsync(
        "SELECT concat_ws(' ', user_id, xmin) FROM users WHERE account_id = $1 UNION ALL SELECT concat_ws(' ', user_scim_id, xmin) FROM edges WHERE account_id = $1 ORDER BY 1",
        row => row.GetString(0), tenant.Account);

    private static string? Text(JsonElement rebuild, string name) => rebuild.GetProperty(name).GetString();

    private static int Found(JsonElement rebuild) => rebuild.GetProperty("differences").GetProperty("total").GetInt32();

    private static (int Missing, int Unknown, int Wrong) Found(JsonElement found, string kind) =>
        (found.GetProperty(kind).GetProperty("missing").GetInt32(), found.GetProperty(kind).GetProperty("unknown").GetInt32(), found.GetProperty(kind).GetProperty("wrong").GetInt32());

    public void Dispose() => tenant.Dispose();
}
