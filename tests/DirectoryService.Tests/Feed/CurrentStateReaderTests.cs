using System.Net.Http.Json;
using Contracts;
using Contracts.Events.V1;
using Contracts.State.V1;

namespace DirectoryService.Tests.Feed;

/// <summary>What other services ask before they answer about a single user, group or directory.</summary>
public sealed class CurrentStateReaderTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task It_tells_a_user_by_its_latest_fact_and_every_membership_that_is_asked_or_is()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var ada = await scim.CreateUserAsync("ada@example.com");
        var bob = await scim.CreateUserAsync("bob@example.com");
        var team = await scim.CreateGroupAsync("Team", ada, bob);
        var other = await scim.CreateGroupAsync("Other", bob);
        await scim.PatchAsync($"/Users/{ada}", """{"op":"replace","value":{"active":false}}""");
        var (user, left) = (await IdAsync("users", ada), await IdAsync("groups", other));

        var facts = await AskAsync(new StateQuery { Users = [user], Groups = [left], Directories = [scim.DirectoryId], Memberships = true });

        var told = Assert.Single(facts.OfType<UserChanged>());
        Assert.Equal((user, 2L, UserStatus.Unassigned, Change.Deactivated, "scimToken"), (told.UserId, told.Version, told.Status, told.Change, told.Actor.Kind));
        Assert.Equal(await fixture.ScalarAsync<Guid>("SELECT id FROM events WHERE aggregate_id = $1 AND version = 2", user), told.EventId);
        Assert.Equal(scim.DirectoryId, Assert.Single(facts.OfType<DirectoryChanged>()).DirectoryId);
        Assert.Equal(["Other", "Team"], facts.OfType<GroupChanged>().Select(group => group.DisplayName).Order());
        Assert.Equal(
            new[] { (other, user, ada, false), (team, user, ada, true) }.Order(),
            facts.OfType<MembersChanged>().SelectMany(members => members.Edges.Select(edge => (members.GroupScimId, edge.UserId, edge.UserScimId, edge.Present))).Order());
        Assert.All(facts.OfType<MembersChanged>(), members => Assert.Equal(facts.OfType<GroupChanged>().Single(group => group.GroupId == members.GroupId).Version, members.Version));

        Assert.Equal(["Other"], (await AskAsync(new StateQuery { Users = [user], Groups = [left] })).OfType<GroupChanged>().Select(group => group.DisplayName));
        Assert.Empty(await AskAsync(new StateQuery { Users = [Guid.NewGuid()], Memberships = true }));
    }

    private Task<Guid> IdAsync(string table, Guid scimId) => fixture.ScalarAsync<Guid>($"SELECT id FROM {table} WHERE scim_id = $1", scimId);

    private async Task<List<IFact>> AskAsync(StateQuery query)
    {
        using var admin = await fixture.AdminAsync();
        using var answer = await admin.PostAsync("/internal/v1/state", JsonContent.Create(query, ContractsJsonContext.Default.StateQuery));
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(ContractsJsonContext.Default.FactBatch))!.Facts();
    }
}
