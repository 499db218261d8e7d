using IdpSimulator.Expectations;

namespace IdpSimulator.Tests.Expectations;

/// <summary>The tables of the documents, state by state: A, U, D, DU, X, XR, P as they name them.</summary>
public sealed class UserRulesTests
{
    [Theory]
    [InlineData("A", "deactivate", "U")]
    [InlineData("U", "activate", "A")]
    [InlineData("D", "deactivate", "DU")]
    [InlineData("D", "activate", "refused")]
    [InlineData("D", "put true", "D")]
    [InlineData("D", "echo", "D")]
    [InlineData("DU", "activate", "refused")]
    [InlineData("DU", "put true", "refused")]
    [InlineData("DU", "echo", "DU")]
    [InlineData("X", "deactivate", "XR")]
    [InlineData("X", "activate", "refused")]
    [InlineData("X", "put true", "X")]
    [InlineData("XR", "activate", "A")]
    [InlineData("XR", "put true", "A")]
    [InlineData("XR", "echo", "XR")]
    public void Others_preserve_what_the_console_did(string state, string signal, string expected) =>
        Assert.Equal(expected, Play(state, signal, DirectoryRule.Others));

    [Theory]
    [InlineData("D", "profile", "D")]
    [InlineData("D", "activate", "A")]
    [InlineData("DU", "activate", "A")]
    [InlineData("X", "put true", "A")]
    [InlineData("XR", "echo", "XR")]
    [InlineData("A", "deactivate", "U")]
    public void Entra_overrides_the_console_when_it_says_active(string state, string signal, string expected) =>
        Assert.Equal(expected, Play(state, signal, DirectoryRule.Entra));

    [Theory]
    [InlineData("X", "activate", "A")]
    [InlineData("X", "put true", "A")]
    [InlineData("D", "put true", "refused")]
    public void Okta_lets_go_by_looking_up(string state, string signal, string expected) =>
        Assert.Equal(expected, Name(UserRules.Write(Standing(state) with { LookedUp = true }, Write(signal), DirectoryRule.Okta)));

    [Fact]
    public void A_removed_user_that_the_console_disabled_comes_back_only_where_the_directory_overrides()
    {
        var removed = ConsoleRules.Removed(Standing("D"));
        Assert.True(UserRules.Create(removed, DirectoryRule.Okta).Refused);
        Assert.True(UserRules.Create(removed, DirectoryRule.Entra).Next.Active);
    }

    private static string Play(string state, string signal, DirectoryRule rule) => Name(UserRules.Write(Standing(state), Write(signal), rule));

    private static ExpectedUserState Standing(string state) => new()
    {
        IdpActive = state is "A" or "D" or "X",
        ConsoleDisabled = state is "D" or "DU",
        ConsoleDeleted = state is "X" or "XR",
        Released = state is "XR",
    };

    private static UserWrite Write(string signal) => signal switch
    {
        "activate" => UserWrite.PatchActive(true),
        "deactivate" => UserWrite.PatchActive(false),
        "put true" => UserWrite.Put(true, changes: true),
        "echo" => UserWrite.Put(false, changes: true),
        _ => UserWrite.PatchProfile(changes: true),
    };

    private static string Name(UserRules.ExpectedOutcome verdict) => verdict switch
    {
        { Refused: true } => "refused",
        { Next.ConsoleDeleted: true } => verdict.Next.Released ? "XR" : "X",
        { Next.ConsoleDisabled: true } => verdict.Next.IdpActive ? "D" : "DU",
        _ => verdict.Next.IdpActive ? "A" : "U",
    };
}
