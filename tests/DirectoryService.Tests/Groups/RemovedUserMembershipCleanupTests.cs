using System.Net;
using Contracts.Events.V1;
using DirectoryService.Groups;
using DirectoryService.Protocol.Patch;
using Microsoft.Extensions.DependencyInjection;

namespace DirectoryService.Tests.Groups;

public sealed class RemovedUserMembershipCleanupTests(DirectoryFixture fixture)
{
    [Fact]
    public async Task An_edge_that_was_added_while_its_user_was_removed_does_not_stay()
    {
        var scim = await fixture.DirectoryAsync();
        var group = await scim.CreateGroupAsync("Doors");
        var (user, other) = (await scim.CreateUserAsync("ada"), await scim.CreateUserAsync("bob"));
        await using (var connection = await fixture.Db.OpenConnectionAsync())
        {
            var (transaction, locked) = (await GroupTable.LockAsync(connection, scim.DirectoryId, group, CancellationToken.None))!.Value;
            await using (transaction)
            {
                await MembershipSql.ApplyAsync(
                    transaction, locked, new MembershipChange(false, [user, other], []), new Actor { Kind = "scimToken", Id = "t" }, locked.ModifiedAt, touch: false, CancellationToken.None);
                (await scim.SendAsync("DELETE", $"/Users/{user}")).Expect(HttpStatusCode.NoContent);
                await transaction.CommitAsync();
            }
        }
        await fixture.Services.GetRequiredService<RemovedUserMembershipCleanup>().DeleteAsync(CancellationToken.None);
        Assert.Equal([other], await fixture.ScalarAsync<Guid[]>("SELECT array_agg(user_scim_id) FROM group_members WHERE group_scim_id = $1", group));
    }

    [Fact]
    public async Task Who_came_back_keeps_the_memberships_of_now()
    {
        var scim = await fixture.DirectoryAsync("Okta");
        var first = (await scim.SendAsync("POST", "/Users", """{"userName":"ada","externalId":"a"}""")).Expect(HttpStatusCode.Created).Id;
        (await scim.SendAsync("DELETE", $"/Users/{first}")).Expect(HttpStatusCode.NoContent);
        var again = (await scim.SendAsync("POST", "/Users", """{"userName":"ada","externalId":"a"}""")).Expect(HttpStatusCode.Created).Id;
        var group = await scim.CreateGroupAsync("Doors", again);
        await fixture.Services.GetRequiredService<RemovedUserMembershipCleanup>().DeleteAsync(CancellationToken.None);
        Assert.Equal([again], await scim.MembersAsync(group));
    }
}
