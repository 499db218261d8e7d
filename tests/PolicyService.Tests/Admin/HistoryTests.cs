using System.Net;
using Contracts.Events.V1;
using Microsoft.Extensions.DependencyInjection;
using PolicyService.Storage;

namespace PolicyService.Tests.Admin;

public sealed class HistoryTests(PolicySystem system)
{
    private readonly Guid account = Guid.NewGuid();

    private Projections Projections => system.Services.GetRequiredService<Projections>();

    private Task Apply(UserChanged fact) => Projections.ApplyAsync(fact, CancellationToken.None);

    private Task Apply(GroupChanged fact) => Projections.ApplyAsync(fact, CancellationToken.None);

    private Task Apply(MembersChanged fact) => Projections.ApplyAsync(fact, CancellationToken.None);

    [Fact]
    public async Task A_user_that_is_disabled_leaves_its_policies_and_joins_them_again_when_it_is_active()
    {
        var (ada, staff) = (new CastUser(account, "ada"), new CastGroup(account, "Staff"));
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
        var ada = new CastUser(account, "ada");
        var (staff, sales) = (new CastGroup(account, "Staff"), new CastGroup(account, "Sales"));
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

    private static async Task<List<string>> HistoryAsync(PolicyClient client, CastUser user)
    {
        var answer = await client.GetAsync($"policies/users/{user.Id}/history");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return [.. answer.Body.GetProperty("items").EnumerateArray().Select(item =>
            $"{item.GetProperty("kind").GetString()} {item.GetProperty("policyName").GetString()} {item.GetProperty("reason").GetString()}")];
    }
}
