using PolicyService.Tests.Rebuilding;

namespace PolicyService.Tests.Feed;

public sealed class RebuiltTests(PolicySystem system)
{
    [Fact]
    public async Task After_a_rebuild_all_enabled_policies_are_read_again()
    {
        using var tenant = new Tenant(system);
        var (ada, bob, staff) = (new TestUser(tenant.Account, "ada"), new TestUser(tenant.Account, "bob"), new TestGroup(tenant.Account, "Staff"));
        await tenant.ArrivedAsync(ada.Is(), bob.Is(), staff.Is(), staff.Members(true, ada));
        var policy = await tenant.Client.PolicyAsync("Access", staff.Id);
        await tenant.Client.PolicyAsync(new { name = "Off", groupIds = new[] { staff.Id }, enabled = false });
        // By hand, so that no fact tells of it: one member too few, one too many.
        await system.RowsAsync("UPDATE edges SET present = false WHERE account_id = $1", row => 0, tenant.Account);
        await system.RowsAsync(
            "INSERT INTO edges SELECT account_id, group_scim_id, $3, group_id, $2, true, 1 FROM edges WHERE account_id = $1", row => 0, tenant.Account, bob.Id, bob.ScimId);
        var follower = await FeedFollower.StartAsync(tenant.Client);
        Assert.Equal([$"{policy} {bob.Id}"], follower.Members);
        await tenant.RebuildAsync();
        await follower.CatchUpAsync();
        Assert.Equal(["rebuilt"], follower.Reasons);
        Assert.Equal([$"{policy} {ada.Id}"], follower.Members);
    }
}
