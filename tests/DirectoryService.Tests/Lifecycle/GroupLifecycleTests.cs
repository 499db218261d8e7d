using Contracts.Events.V1;
using DirectoryService.Lifecycle;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>Every state of a group × every action, DELETE and POST (docs: idp-behaviour §4). Letters: <see cref="Facts"/>.</summary>
public sealed class GroupLifecycleTests
{
    [Theory]
    //          state enable  disable delete  restore purge
    [InlineData("-",  "same", "d",    "x",    "no",   "no")]
    [InlineData("d",  "-",    "same", "dx",   "no",   "no")]
    [InlineData("x",  "no",   "no",   "same", "-",    "p")]
    [InlineData("dx", "no",   "no",   "same", "d",    "dp")]
    [InlineData("p",  "no",   "no",   "no",   "no",   "no")]
    [InlineData("dp", "no",   "no",   "no",   "no",   "no")]
    public void An_admin_moves_a_group(string state, string enable, string disable, string delete, string restore, string purge)
    {
        Assert.Contains(state, Facts.Groups);
        Assert.Equal(
            [(ConsoleAction.Enable, enable), (ConsoleAction.Disable, disable), (ConsoleAction.Delete, delete), (ConsoleAction.Restore, restore), (ConsoleAction.Purge, purge)],
            Enum.GetValues<ConsoleAction>().Select(action => (action, Outcome(state, action))));
    }

    private static string Outcome(string state, ConsoleAction action)
    {
        var decision = GroupLifecycle.Decide(Facts.Group(state), action);
        Assert.Contains(Facts.Of(decision.Next), Facts.Groups);
        if (decision.Change is null) Assert.Equal(Facts.Group(state), decision.Next);
        return decision.Refusal is { Length: > 0 } ? "no" : decision.Change is null ? "same" : Facts.Of(decision.Next);
    }

    [Theory]
    //          state by id    status                DELETE POST of the same
    [InlineData("-",  true,    GroupStatus.Live,     "p",   null)] // 409: the name is taken
    [InlineData("d",  true,    GroupStatus.Disabled, "dp",  null)]
    [InlineData("x",  false,   GroupStatus.Deleted,  "p",   "-")]
    [InlineData("dx", false,   GroupStatus.Deleted,  "dp",  "d")]  // a console disable stays on it
    [InlineData("p",  false,   GroupStatus.Removed,  null,  "-")]  // 404: it is not found
    [InlineData("dp", false,   GroupStatus.Removed,  null,  "d")]
    public void A_directory_moves_a_group(string state, bool visible, GroupStatus status, string? deleted, string? posted)
    {
        var group = Facts.Group(state);
        Assert.Equal(visible, group.Visible);
        Assert.Equal(status, group.Status);
        if (deleted is not null) Assert.Equal(deleted, Facts.Of(GroupLifecycle.Remove(group).Next));
        if (posted is not null) Assert.Equal(posted, Facts.Of(GroupLifecycle.Recreated(group)));
    }

    [Theory]
    //          known          posted         same
    [InlineData("e1", "sales", "e1", "sales", true)]
    [InlineData("e1", "sales", "e1", "other", true)]  // renamed while it was away
    [InlineData("e1", "sales", "e2", "sales", false)] // different externalIds never match
    [InlineData("e1", "sales", null, "sales", true)]
    [InlineData(null, "sales", "e1", "sales", true)]
    [InlineData(null, "sales", null, "sales", true)]
    [InlineData("e1", "sales", null, "other", false)]
    [InlineData(null, "sales", "e1", "other", false)]
    [InlineData(null, "sales", null, "other", false)]
    public void The_same_group_is_known_by_its_externalId_else_by_its_name(
        string? externalId, string name, string? postedExternalId, string postedName, bool same) =>
        Assert.Equal(same, GroupLifecycle.IsSame(externalId, name, postedExternalId, postedName));
}
