using DirectoryService.Lifecycle;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>Every cell of the two tables of idp-behaviour §3 that a SCIM write of an existing user can reach.</summary>
public sealed class UserLifecycleTests
{
    private static readonly Dictionary<string, UserState> States = new()
    {
        ["A"] = new(true, false, false, false, false),
        ["U"] = new(false, false, false, false, false),
        ["D"] = new(true, true, false, false, false),
        ["DU"] = new(false, true, false, true, false),
        ["X"] = new(true, false, true, false, false),
        ["XR"] = new(false, false, true, true, false),
    };

    [Theory]
    // preserve: update/echo, deactivation, activation
    [InlineData(ConflictRule.Preserve, "A", "A", "U", "A")]
    [InlineData(ConflictRule.Preserve, "U", "U", "U", "A")]
    [InlineData(ConflictRule.Preserve, "D", "D", "DU", "refused")]
    [InlineData(ConflictRule.Preserve, "DU", "DU", "DU", "refused")]
    [InlineData(ConflictRule.Preserve, "X", "X", "XR", "refused")]
    [InlineData(ConflictRule.Preserve, "XR", "XR", "XR", "A")]
    [InlineData(ConflictRule.Override, "A", "A", "U", "A")]
    [InlineData(ConflictRule.Override, "U", "U", "U", "A")]
    [InlineData(ConflictRule.Override, "D", "D", "DU", "A")]
    [InlineData(ConflictRule.Override, "DU", "DU", "DU", "A")]
    [InlineData(ConflictRule.Override, "X", "X", "XR", "A")]
    [InlineData(ConflictRule.Override, "XR", "XR", "XR", "A")]
    public void A_cell_of_the_table_holds(ConflictRule rule, string from, string update, string deactivate, string activate)
    {
        Assert.Equal(update, Next(from, UserSignal.Update, rule));
        Assert.Equal(update, Next(from, UserSignal.Echo, rule));
        Assert.Equal(deactivate, Next(from, UserSignal.Deactivate, rule));
        Assert.Equal(activate, Next(from, UserSignal.Activate, rule));
        var removed = UserLifecycle.Decide(States[from], UserSignal.Remove, rule).Next;
        Assert.True(removed is { Removed: true, IdpActive: false, ConsoleDeleted: false, Released: false });
        Assert.Equal(States[from].ConsoleDisabled, removed.ConsoleDisabled);
    }

    private static string Next(string from, UserSignal signal, ConflictRule rule)
    {
        var decision = UserLifecycle.Decide(States[from], signal, rule);
        if (decision.Refusal is not null)
        {
            Assert.Equal(States[from], decision.Next);
            return "refused";
        }
        return States.Single(pair => pair.Value == decision.Next).Key;
    }

    [Theory]
    // state, active, patch, changesMore, namesMore, rule → signal
    [InlineData("A", null, true, true, true, ConflictRule.Preserve, UserSignal.Update)]
    [InlineData("A", false, false, true, true, ConflictRule.Preserve, UserSignal.Deactivate)]
    [InlineData("U", false, false, true, true, ConflictRule.Preserve, UserSignal.Echo)]      // Okta: its data over our GET
    [InlineData("D", false, false, true, true, ConflictRule.Preserve, UserSignal.Echo)]
    [InlineData("D", false, false, false, true, ConflictRule.Preserve, UserSignal.Deactivate)] // a PUT that says nothing else
    [InlineData("D", false, true, true, true, ConflictRule.Preserve, UserSignal.Deactivate)]   // a PATCH says what it means
    [InlineData("D", true, false, true, true, ConflictRule.Preserve, UserSignal.Update)]
    [InlineData("D", true, true, false, false, ConflictRule.Preserve, UserSignal.Activate)]
    [InlineData("D", true, true, true, true, ConflictRule.Preserve, UserSignal.Update)]
    [InlineData("DU", true, false, true, true, ConflictRule.Preserve, UserSignal.Activate)]
    [InlineData("XR", true, false, true, true, ConflictRule.Preserve, UserSignal.Activate)]
    [InlineData("D", true, false, true, true, ConflictRule.Override, UserSignal.Activate)]
    [InlineData("X", true, true, true, true, ConflictRule.Override, UserSignal.Activate)]
    public void A_write_means_its_signal(string state, bool? active, bool patch, bool changesMore, bool namesMore, ConflictRule rule, UserSignal expected) =>
        Assert.Equal(expected, UserSignalDetector.Of(States[state], active, patch, changesMore, namesMore, rule));
}
