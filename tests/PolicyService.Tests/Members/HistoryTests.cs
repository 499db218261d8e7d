using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;

namespace PolicyService.Tests.Members;

public sealed class HistoryTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    private Task Apply(IFact fact) => system.ApplyAsync(fact);

    [Fact]
    public async Task A_user_that_is_disabled_leaves_its_policies_and_joins_them_again_when_it_is_active()
    {
        var (ada, staff) = (new TestUser(account, "ada"), new TestGroup(account, "Staff"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        await Apply(staff.Members(true, ada));
        using var client = system.Client(account);
        await client.PolicyAsync("Access", staff.Id);
        var disabled = ada.Is(UserStatus.Unassigned);
        await Apply(disabled);
        await Apply(disabled); // A repeated fact is no change.
        await Apply(ada.Is(UserStatus.Disabled));
        Assert.Equal(["left Access user"], await HistoryAsync(client, ada));
        await Apply(ada.Is());
        Assert.Equal(["joined Access user", "left Access user"], await HistoryAsync(client, ada));
        await Apply(ada.ComesBack());
        Assert.Equal(["left Access user", "joined Access user", "left Access user"], await HistoryAsync(client, ada));
    }

    [Fact]
    public async Task A_user_that_moves_between_groups_leaves_only_when_no_group_keeps_it()
    {
        var ada = new TestUser(account, "ada");
        var (staff, sales) = (new TestGroup(account, "Staff"), new TestGroup(account, "Sales"));
        await Apply(ada.Is());
        await Apply(staff.Is());
        await Apply(sales.Is());
        using var client = system.Client(account);
        await client.PolicyAsync("Access", staff.Id, sales.Id);
        await Apply(staff.Members(true, ada));
        await Apply(sales.Members(true, ada));
        await Apply(staff.Members(false, ada));
        Assert.Equal(["joined Access group"], await HistoryAsync(client, ada));
        await Apply(sales.Members(false, ada));
        Assert.Equal(["left Access group", "joined Access group"], await HistoryAsync(client, ada));
        using var stranger = system.Client(Guid.NewGuid());
        Assert.Empty(await HistoryAsync(stranger, ada));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"policies/users/{ada.Id}/history?limit=500")).Status);
    }

    [Fact]
    public async Task What_one_batch_of_facts_did_is_told_as_if_they_had_come_one_by_one()
    {
        var (ada, bob, eve) = (new TestUser(account, "ada"), new TestUser(account, "bob"), new TestUser(account, "eve"));
        var staff = new TestGroup(account, "Staff");
        await system.ApplyAsync(staff.Is(), ada.Is());
        using var client = system.Client(account);
        await client.PolicyAsync("Access", staff.Id);
        await system.ApplyAsync(staff.Members(true, ada, eve), bob.Is(), staff.Members(true, bob), staff.Members(false, eve), eve.Is());
        Assert.Equal(["joined Access group"], await HistoryAsync(client, ada));
        Assert.Equal(["joined Access user"], await HistoryAsync(client, bob));
        Assert.Empty(await HistoryAsync(client, eve));
        var (off, on) = (ada.Is(UserStatus.Disabled) with { Deactivations = 1 }, ada.Is() with { Deactivations = 1 });
        await system.ApplyAsync(on, off, bob.Is(UserStatus.Removed), staff.Members(false, bob));
        Assert.Equal(["joined Access user", "left Access user", "joined Access group"], await HistoryAsync(client, ada));
        Assert.Equal(["left Access user", "joined Access user"], await HistoryAsync(client, bob));
    }

    private static async Task<List<string>> HistoryAsync(PolicyClient client, TestUser user)
    {
        var answer = await client.GetAsync($"policies/users/{user.Id}/history");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Body.GetProperty("items").EnumerateArray().Select(item =>
            $"{item.GetProperty("kind").GetString()} {item.GetProperty("policyName").GetString()} {item.GetProperty("reason").GetString()}")];
    }
}
