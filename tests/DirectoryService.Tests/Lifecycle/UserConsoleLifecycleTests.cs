using Contracts.Events.V1;
using DirectoryService.Lifecycle;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>Every console action in every state that a user can be in (docs: idp-behaviour §3, "Console"). Letters: <see cref="Facts"/>.</summary>
public sealed class UserConsoleLifecycleTests
{
    [Theory]
    //          state  enable  disable delete  restore purge
    [InlineData("i",   "same", "id",   "ix",   "no",   "no")]
    [InlineData("-",   "i",    "d",    "x",    "no",   "no")]
    [InlineData("id",  "i",    "same", "idx",  "no",   "no")]
    [InlineData("d",   "i",    "same", "dx",   "no",   "no")]
    [InlineData("dr",  "i",    "same", "dx",   "no",   "no")]
    [InlineData("ix",  "no",   "no",   "same", "i",    "p")]
    [InlineData("x",   "no",   "no",   "same", "-",    "p")]
    [InlineData("xr",  "no",   "no",   "same", "-",    "p")]
    [InlineData("idx", "no",   "no",   "same", "id",   "dp")]
    [InlineData("dx",  "no",   "no",   "same", "d",    "dp")]
    [InlineData("dxr", "no",   "no",   "same", "dr",   "dp")]
    [InlineData("p",   "same", "dp",   "xp",   "no",   "no")]
    [InlineData("dp",  "p",    "same", "dxp",  "no",   "no")]
    [InlineData("xp",  "no",   "no",   "same", "p",    "no")]
    [InlineData("dxp", "no",   "no",   "same", "dp",   "no")]
    public void An_admin_moves_a_user(string state, string enable, string disable, string delete, string restore, string purge)
    {
        Assert.Contains(state, Facts.Users);
        Assert.Equal(
            [(ConsoleAction.Enable, enable), (ConsoleAction.Disable, disable), (ConsoleAction.Delete, delete), (ConsoleAction.Restore, restore), (ConsoleAction.Purge, purge)],
            Enum.GetValues<ConsoleAction>().Select(action => (action, Outcome(state, action))));
    }

    private static string Outcome(string state, ConsoleAction action)
    {
        var decision = UserConsoleLifecycle.Decide(Facts.User(state), action);
        if (decision.Change is not null) Assert.Contains(Facts.Of(decision.Next), Facts.Users);
        else Assert.Equal(Facts.User(state), decision.Next);
        return decision.Refusal is { Length: > 0 } ? "no" : decision.Change is null ? "same" : Facts.Of(decision.Next);
    }

    [Theory]
    [InlineData("i", UserStatus.Active)]
    [InlineData("-", UserStatus.Unassigned)]
    [InlineData("id", UserStatus.Disabled)]
    [InlineData("dr", UserStatus.Disabled)]
    [InlineData("idx", UserStatus.Deleted)]
    [InlineData("xr", UserStatus.Deleted)]
    [InlineData("dxp", UserStatus.Removed)]
    public void The_console_shows_the_strongest_word(string state, UserStatus status) => Assert.Equal(status, Facts.User(state).Status);

    [Fact]
    public void Only_a_user_that_nobody_holds_back_is_active() =>
        Assert.Equal(["i"], Facts.Users.Where(state => Facts.User(state).Active));

    [Fact]
    public void The_directory_leads_only_to_states_of_the_table()
    {
        foreach (var state in Facts.Users.Where(state => !state.Contains('p')))
            foreach (var signal in Enum.GetValues<UserSignal>())
                foreach (var rule in Enum.GetValues<ConflictRule>())
                    Assert.Contains(Facts.Of(UserLifecycle.Decide(Facts.User(state), signal, rule).Next), Facts.Users);
    }
}
