using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Access;

namespace PolicyService.Tests.Members;

public sealed class EvaluationTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    [Fact]
    public async Task Every_policy_tells_why_it_applies_or_why_not_in_order()
    {
        var (ada, bob) = (new TestUser(account, "ada"), new TestUser(account, "bob"));
        var (staff, sales, other) = (new TestGroup(account, "Staff"), new TestGroup(account, "Sales"), new TestGroup(account, "Other"));
        foreach (var user in (TestUser[])[ada, bob]) await system.ApplyAsync(user.Is());
        foreach (var group in (TestGroup[])[staff, sales, other]) await system.ApplyAsync(group.Is());
        await system.ApplyAsync(staff.Members(true, ada, bob));
        await system.ApplyAsync(sales.Members(true, ada));
        await system.ApplyAsync(other.Members(true, bob));
        await system.ApplyAsync(sales.Is(GroupStatus.Disabled));
        using var client = system.Client(account);
        await client.PolicyAsync("Both", staff.Id, sales.Id);
        await client.PolicyAsync("Selling", sales.Id);
        await client.PolicyAsync("Others", other.Id);
        var off = await client.PolicyAsync("Off", staff.Id);
        await client.PutAsync($"policies/{off}", new { name = "Off", groupIds = new[] { staff.Id }, enabled = false, order = 0 });

        Assert.Equal(
            ["Both applies via Sales disabled, Staff live", "Off: policyDisabled via Staff live", "Selling: noLiveGroup via Sales disabled", "Others: notAMember"],
            await EvaluateAsync(client, ada.Id));
        await system.ApplyAsync(ada.Is(UserStatus.Disabled));
        Assert.Equal(
            ["Both: userNotActive via Sales disabled, Staff live", "Off: policyDisabled, userNotActive via Staff live", "Selling: userNotActive, noLiveGroup via Sales disabled", "Others: userNotActive, notAMember"],
            await EvaluateAsync(client, ada.Id));
    }

    [Fact]
    public async Task A_membership_of_an_earlier_incarnation_is_none()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await system.ApplyAsync(ada.Is());
        await system.ApplyAsync(staff.Is());
        await system.ApplyAsync(staff.Members(true, ada));
        using var client = system.Client(account);
        await client.PolicyAsync("Access", staff.Id);
        Assert.Equal(["Access applies via Staff live"], await EvaluateAsync(client, ada.Id));
        await system.ApplyAsync(staff.ComesBack());
        Assert.Equal(["Access: notAMember"], await EvaluateAsync(client, ada.Id));
    }

    [Fact]
    public async Task An_auditor_may_ask_and_without_policies_the_list_is_empty()
    {
        var ada = new TestUser(account, "ada");
        await system.ApplyAsync(ada.Is());
        using var client = system.Client(account, AdminRole.Auditor);
        Assert.Empty(await EvaluateAsync(client, ada.Id));
    }

    [Fact]
    public async Task What_the_directory_has_acknowledged_counts_although_its_facts_have_not_come()
    {
        var (ada, staff, sales) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"), new TestGroup(account, "Sales"));
        await system.ApplyAsync(ada.Is(UserStatus.Disabled));
        await system.ApplyAsync(staff.Is());
        await system.ApplyAsync(sales.Is());
        await system.ApplyAsync(staff.Members(true, ada));
        using var client = system.Client(account);
        await client.PolicyAsync("Working", staff.Id);
        await client.PolicyAsync("Selling", sales.Id);

        // Enabled, out of one group and in another one: none of it has come.
        system.Directory.Current[account] = [ada.Is(), staff.Members(false, ada), sales.Members(true, ada)];
        Assert.Equal(["Working: notAMember", "Selling applies via Sales live"], await EvaluateAsync(client, ada.Id));
        system.Directory.Current[account] = [sales.Is(GroupStatus.Disabled)];
        Assert.Empty(await client.PoliciesOfAsync(ada.Id));
        system.Directory.Current[account] = [ada.Is(UserStatus.Disabled), sales.Is()];
        Assert.Equal("The user is not active already, so nothing changes.", (await client.GetAsync($"policies/preview?userId={ada.Id}")).Body.GetProperty("effect").GetString());

        system.Directory.Current[account] = null;
        Assert.False((await client.GetAsync($"users/{ada.Id}/policies")).Body.GetProperty("upToDate").GetBoolean());
    }

    [Fact]
    public async Task A_history_and_a_preview_count_it_too_and_say_when_they_cannot()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await system.ApplyAsync(ada.Is(), staff.Is(), staff.Members(true, ada));
        using var client = system.Client(account);
        await client.PolicyAsync("Working", staff.Id);
        string[] paths = [$"policies/users/{ada.Id}/history", $"policies/preview?userId={ada.Id}", $"policies/preview?groupId={staff.Id}"];

        system.Directory.Current[account] = [ada.Is(UserStatus.Disabled)];
        var history = (await client.GetAsync(paths[0])).Body;
        Assert.Equal("left", Assert.Single(history.GetProperty("items").EnumerateArray()).GetProperty("kind").GetString());
        foreach (var path in paths) Assert.True((await client.GetAsync(path)).Body.GetProperty("upToDate").GetBoolean(), path);

        system.Directory.Current[account] = null;
        foreach (var path in paths) Assert.False((await client.GetAsync(path)).Body.GetProperty("upToDate").GetBoolean(), path);
    }

    [Fact]
    public async Task Only_users_of_the_own_account_can_be_asked_for()
    {
        var ada = new TestUser(account, "ada");
        await system.ApplyAsync(ada.Is());
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync("policies/evaluate", new { userId = ada.Id })).Status);
        var answer = await stranger.PostAsync("policies/evaluate", new { });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("'userId'", answer.Detail, StringComparison.Ordinal);
    }

    /// <summary><c>name applies via group status, …</c>, or <c>name: obstacle, … via …</c></summary>
    private static async Task<List<string>> EvaluateAsync(PolicyClient client, Guid user)
    {
        var answer = await client.PostAsync("policies/evaluate", new { userId = user });
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Body.GetProperty("policies").EnumerateArray().Select(policy =>
        {
            var obstacles = string.Join(", ", policy.GetProperty("obstacles").EnumerateArray().Select(each => each.GetString()));
            Assert.Equal(obstacles.Length == 0, policy.GetProperty("applies").GetBoolean());
            var via = string.Join(", ", policy.GetProperty("viaGroups").EnumerateArray().Select(group =>
                $"{group.GetProperty("displayName").GetString()} {group.GetProperty("status").GetString()}"));
            return policy.GetProperty("name").GetString() + (obstacles.Length == 0 ? " applies" : ": " + obstacles) + (via.Length == 0 ? "" : " via " + via);
        })];
    }
}
