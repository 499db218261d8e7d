using System.Diagnostics;
using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;

namespace PolicyService.Tests.Members;

public sealed class MembershipTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    private Task Apply(IFact fact) => system.ApplyAsync(fact);

    [Fact]
    public async Task Members_are_shown_with_the_groups_by_which_they_are_members()
    {
        var (ada, bob, eve) = (new TestUser(account, "ada"), new TestUser(account, "bob"), new TestUser(account, "eve"));
        var (sales, staff, other) = (new TestGroup(account, "Sales"), new TestGroup(account, "Staff"), new TestGroup(account, "Other"));
        foreach (var user in (TestUser[])[ada, bob, eve]) await Apply(user.Is());
        foreach (var group in (TestGroup[])[sales, staff, other]) await Apply(group.Is());
        await Apply(sales.Members(true, ada));
        await Apply(staff.Members(true, ada, bob));
        await Apply(other.Members(true, ada, bob, eve));

        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", sales.Id, staff.Id);
        Assert.Equal(["ada via Sales, Staff", "bob via Staff"], (await client.MembersAsync(policy)).Order());
        Assert.Equal(["ada via Sales, Staff", "bob via Staff"], (await client.MembersAsync(policy, limit: 1)).Order());
        var items = await client.MemberItemsAsync(policy);
        Assert.Equal(items.Select(item => item.GetProperty("userId").GetString()).Order(StringComparer.Ordinal), items.Select(item => item.GetProperty("userId").GetString()));
        Assert.Equal(["Access via Sales, Staff"], await client.PoliciesOfAsync(ada.Id));
        Assert.Equal(["Access via Staff"], await client.PoliciesOfAsync(bob.Id));
        Assert.Empty(await client.PoliciesOfAsync(eve.Id));
    }

    [Fact]
    public async Task An_edge_may_come_before_its_group_and_its_user()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        var live = staff.Is();
        var active = ada.Is();
        await Apply(staff.Members(true, ada));
        await Apply(live);
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        Assert.Empty(await client.MembersAsync(policy));
        await Apply(active);
        Assert.Equal(["ada via Staff"], await client.MembersAsync(policy));
    }

    [Fact]
    public async Task An_older_fact_that_comes_late_does_not_bring_an_edge_back()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        var added = staff.Members(true, ada);
        await Apply(staff.Members(false, ada));
        await Apply(added);
        using var client = system.Client(account);
        Assert.Empty(await client.MembersAsync(await client.PolicyAsync("Access", staff.Id)));
    }

    [Theory]
    [InlineData(UserStatus.Unassigned)]
    [InlineData(UserStatus.Disabled)]
    [InlineData(UserStatus.Deleted)]
    [InlineData(UserStatus.Removed)]
    public async Task A_user_who_is_not_active_is_in_no_policy_and_back_when_active_again(UserStatus status)
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        await Apply(staff.Members(true, ada));
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        await Apply(ada.Is(status));
        Assert.Empty(await client.MembersAsync(policy));
        Assert.Empty(await client.PoliciesOfAsync(ada.Id));
        await Apply(ada.Is());
        Assert.Equal(["ada via Staff"], await client.MembersAsync(policy));
    }

    [Theory]
    [InlineData(GroupStatus.Disabled)]
    [InlineData(GroupStatus.Deleted)]
    [InlineData(GroupStatus.Removed)]
    public async Task A_group_that_is_not_live_has_no_effect_and_attaches_again(GroupStatus status)
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        await Apply(staff.Members(true, ada));
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        await Apply(staff.Is(status));
        Assert.Empty(await client.MembersAsync(policy));
        Assert.Empty(await client.PoliciesOfAsync(ada.Id));
        await Apply(staff.Is());
        Assert.Equal(["Access via Staff"], await client.PoliciesOfAsync(ada.Id));
    }

    [Fact]
    public async Task Edges_of_an_earlier_incarnation_of_the_user_do_not_count()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        await Apply(staff.Members(true, ada));
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        await Apply(ada.Is(UserStatus.Removed));
        await Apply(ada.ComesBack());
        Assert.Empty(await client.MembersAsync(policy));
        Assert.Empty(await client.PoliciesOfAsync(ada.Id));
        await Apply(staff.Members(true, ada));
        Assert.Equal(["ada via Staff"], await client.MembersAsync(policy));
    }

    [Fact]
    public async Task Edges_of_an_earlier_incarnation_of_the_group_do_not_count()
    {
        var (ada, bob, staff) = (new TestUser(account, "ada"), new TestUser(account, "bob"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(bob.Is());
        await Apply(staff.Is());
        await Apply(staff.Members(true, ada, bob));
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        await Apply(staff.ComesBack());
        Assert.Empty(await client.MembersAsync(policy));
        await Apply(staff.Members(true, bob));
        Assert.Equal(["bob via Staff"], await client.MembersAsync(policy));
        Assert.Empty(await client.PoliciesOfAsync(ada.Id));
    }

    [Fact]
    public async Task A_disabled_policy_applies_to_nobody()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        await Apply(staff.Members(true, ada));
        using var client = system.Client(account);
        var policy = await client.PolicyAsync("Access", staff.Id);
        await client.PutAsync($"policies/{policy}", new { name = "Access", groupIds = new[] { staff.Id }, enabled = false });
        Assert.Empty(await client.MembersAsync(policy));
        Assert.Empty(await client.PoliciesOfAsync(ada.Id));
    }

    [Fact]
    public async Task A_fact_with_a_thousand_edges_is_applied_as_one()
    {
        var users = Enumerable.Range(0, MembersChanged.MaxEdges).Select(i => new TestUser(account, $"user{i:d4}")).ToList();
        var staff = new TestGroup(account, "Staff");
        foreach (var user in users) await Apply(user.Is());
        await Apply(staff.Is());
        var watch = Stopwatch.StartNew();
        await Apply(staff.Members(true, [.. users]));
        TestContext.Current.TestOutputHelper?.WriteLine($"1,000 edges applied in {watch.ElapsedMilliseconds} ms");
        using var client = system.Client(account);
        var members = await client.MembersAsync(await client.PolicyAsync("Access", staff.Id), limit: 300);
        Assert.Equal(users.Count, members.Count);
        Assert.Equal(users.Count, members.Distinct().Count());
    }

    [Fact]
    public async Task Another_account_sees_neither_members_nor_users()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        using var owner = system.Client(account);
        var policy = await owner.PolicyAsync("Access", staff.Id);
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"policies/{policy}/members")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"users/{ada.Id}/policies")).Status);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("after=me")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        using var client = system.Client(account);
        var answer = await client.GetAsync($"policies/{await client.PolicyAsync("Access")}/members?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(query.Split('=')[0], answer.Detail, StringComparison.Ordinal);
    }
}
