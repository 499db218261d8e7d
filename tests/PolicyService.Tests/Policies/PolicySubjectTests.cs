using System.Net;
using Contracts.Events.V1;
using ServiceDefaults.Access;
using Testing;

namespace PolicyService.Tests.Policies;

/// <summary>What a policy names besides groups, and what it excludes.</summary>
public sealed class PolicySubjectTests(PolicySystem system)
{
    private static readonly Guid[] None = [];
    private readonly Guid account = Guid.NewGuid();
    private readonly Guid directory = Guid.NewGuid();

    [Fact]
    public async Task A_policy_shows_what_it_names_and_what_is_left_out_of_a_change_stays()
    {
        var (ada, bob, staff, guests) = (new TestUser(account, "ada"), new TestUser(account, "bob"), new TestGroup(account, "Staff"), new TestGroup(account, "Guests"));
        await system.ApplyAsync(Facts.Directory(1, account, directory), ada.Is(), bob.Is(), staff.Is(), guests.Is());
        using var client = system.Client(account);
        var policy = await client.PolicyAsync(new
        {
            name = "Web", kind = "web", action = "block", everyone = true, groupIds = new[] { staff.Id }, userIds = new[] { ada.Id },
            excludedUserIds = new[] { bob.Id }, excludedGroupIds = new[] { guests.Id }, excludedDirectoryIds = new[] { directory },
        });
        await AssertShownAsync("Web");
        await client.PutAsync($"policies/{policy}", new { name = "Other name", groupIds = new[] { staff.Id } });
        await AssertShownAsync("Other name");
        await client.PutAsync($"policies/{policy}", new { name = "Other name", groupIds = None, everyone = false, userIds = new[] { bob.Id }, excludedUserIds = None });
        Assert.Equal(["bob direct"], await client.MembersAsync(policy));

        async Task AssertShownAsync(string name)
        {
            var shown = (await client.GetAsync($"policies/{policy}")).Body;
            Assert.Equal((name, "web", "block", true), (shown.GetProperty("name").GetString(), shown.GetProperty("kind").GetString(), shown.GetProperty("action").GetString(), shown.GetProperty("everyone").GetBoolean()));
            Assert.Equal("ada active", $"{shown.GetProperty("users")[0].GetProperty("userName").GetString()} {shown.GetProperty("users")[0].GetProperty("status").GetString()}");
            Assert.Equal((ada.Id, bob.Id, guests.Id, directory), (shown.GetProperty("userIds")[0].GetGuid(), shown.GetProperty("excludedUserIds")[0].GetGuid(), shown.GetProperty("excludedGroupIds")[0].GetGuid(), shown.GetProperty("excludedDirectoryIds")[0].GetGuid()));
            Assert.Equal("Contoso", shown.GetProperty("excludedDirectories")[0].GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task A_user_that_its_directory_removed_is_named_no_more_and_does_not_inherit_it_when_made_again()
    {
        var ada = new TestUser(account, "ada", directory);
        await system.ApplyAsync(ada.Is());
        using var client = system.Client(account);
        var policy = await client.PolicyAsync(new { name = "Access", groupIds = None, userIds = new[] { ada.Id } });
        Assert.Equal(["ada direct"], await client.MembersAsync(policy));
        await system.ApplyAsync(ada.Is(UserStatus.Deleted));
        await system.ApplyAsync(ada.Is());
        Assert.Equal(["ada direct"], await client.MembersAsync(policy));
        await system.ApplyAsync(ada.Is(UserStatus.Removed));
        Assert.Equal(0, (await client.GetAsync($"policies/{policy}")).Body.GetProperty("userIds").GetArrayLength());
        var named = await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = None, userIds = new[] { ada.Id } });
        Assert.Equal((HttpStatusCode.BadRequest, "noSuchUser"), (named.Status, named.Reason));
        await system.ApplyAsync(ada.ComesBack());
        Assert.Empty(await client.MembersAsync(policy));
        await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = None, userIds = new[] { ada.Id } });
        Assert.Equal(["ada direct"], await client.MembersAsync(policy));
    }

    [Fact]
    public async Task What_is_named_and_excluded_at_once_is_refused()
    {
        var staff = new TestGroup(account, "Staff");
        await system.ApplyAsync(staff.Is());
        using var client = system.Client(account);
        var both = await client.PostAsync("policies", new { name = "Access", groupIds = new[] { staff.Id }, excludedGroupIds = new[] { staff.Id } });
        Assert.Equal((HttpStatusCode.BadRequest, "namedAndExcluded"), (both.Status, both.Reason));
        var policy = await client.PolicyAsync(new { name = "Access", groupIds = None, everyone = true, excludedGroupIds = new[] { staff.Id } });
        Assert.Equal("namedAndExcluded", (await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = new[] { staff.Id } })).Reason);
        Assert.Equal(HttpStatusCode.OK, (await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = new[] { staff.Id }, excludedGroupIds = None })).Status);
    }

    [Theory]
    [InlineData("userIds", "noSuchUser")]
    [InlineData("excludedGroupIds", "noSuchGroup")]
    [InlineData("directoryIds", "noSuchDirectory")]
    public async Task What_the_account_does_not_have_is_refused(string list, string reason)
    {
        using var client = system.Client(account);
        var answer = await client.PostAsync("policies", $$"""{"name":"Access","groupIds":[],"{{list}}":["{{Guid.NewGuid()}}"]}""");
        Assert.Equal((HttpStatusCode.BadRequest, reason), (answer.Status, answer.Reason));
    }

    [Fact]
    public async Task Pages_of_everyone_go_on_past_those_who_are_left_out()
    {
        var guests = new TestGroup(account, "Guests");
        var users = Enumerable.Range(0, 400).Select(n => new TestUser(account, $"user{n}")).ToArray();
        // The one who is not a guest has the last id: each page before it finds only guests.
        var last = users.OrderBy(user => user.Id.ToString(), StringComparer.Ordinal).Last();
        await system.ApplyAsync([guests.Is(), guests.Members(true, [.. users.Where(user => user != last)]), .. users.Select(user => user.Is())]);
        using var client = system.Client(account, AdminRole.Admin);
        var policy = await client.PolicyAsync(new { name = "Web", groupIds = None, everyone = true, excludedGroupIds = new[] { guests.Id } });
        var items = await client.MemberItemsAsync(policy, limit: 10);
        Assert.Equal([last.Id], items.Select(item => item.GetProperty("userId").GetGuid()));
    }
}
