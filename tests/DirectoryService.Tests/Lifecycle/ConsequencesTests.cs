using DirectoryService.Lifecycle;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>The admin is told something, and something true, before each action on anybody.</summary>
public sealed class ConsequencesTests
{
    private static readonly string?[] Providers = ["EntraId", "Okta", "OneLogin", "Dts", "Generic", null];

    /// <summary>A manual user is active by itself, or removed: the database refuses any other.</summary>
    private static IEnumerable<(string? Provider, ConflictRule Rule, string State, ConsoleAction Action)> Users =>
        from provider in Providers
        from rule in Enum.GetValues<ConflictRule>()
        from state in Facts.Users
        where provider is not null || state.Contains('i') || state.Contains('p')
        from action in Enum.GetValues<ConsoleAction>()
        select (provider, rule, state, action);

    [Fact]
    public void Every_action_on_every_user_has_a_consequence()
    {
        foreach (var (provider, rule, state, action) in Users)
            foreach (var directoryDeleted in provider is null ? new[] { false } : [false, true])
            {
                var says = Consequences.OfUser(Facts.User(state), action, provider, rule, directoryDeleted);
                Assert.True(says.Count > 0 && says.All(IsSentence), $"{action} of {state} under {provider} {rule}: {string.Join(" | ", says)}");
            }
    }

    [Fact]
    public void A_user_who_stops_being_active_loses_its_license_and_nobody_else_does()
    {
        foreach (var (provider, rule, state, action) in Users)
        {
            var decision = UserConsoleLifecycle.Decide(Facts.User(state), action);
            var says = Consequences.OfUser(Facts.User(state), action, provider, rule, directoryDeleted: false);
            Assert.Equal(Facts.User(state).Active && !decision.Next.Active, says.Any(say => say.Contains("loses its license", StringComparison.Ordinal)));
            Assert.Equal(!Facts.User(state).Active && decision.Next.Active, says.Any(say => say.Contains("Policies apply to the user again", StringComparison.Ordinal)));
            if (decision.Refusal is not null) Assert.Equal([decision.Refusal], says);
        }
    }

    [Theory]
    //          provider    rule                   state action                 says
    [InlineData("EntraId",  ConflictRule.Override, "i",  ConsoleAction.Disable, "Entra ID overrides the console")]
    [InlineData("EntraId",  ConflictRule.Override, "i",  ConsoleAction.Delete,  "Entra ID overrides the console")]
    [InlineData("EntraId",  ConflictRule.Override, "-",  ConsoleAction.Disable, "if it enables this user again")]
    [InlineData("Okta",     ConflictRule.Preserve, "i",  ConsoleAction.Disable, "fails until it is enabled here")]
    [InlineData("OneLogin", ConflictRule.Preserve, "i",  ConsoleAction.Delete,  "unassign it in OneLogin and assign it again")]
    [InlineData("Dts",      ConflictRule.Preserve, "-",  ConsoleAction.Enable,  "DTS Identity has disabled this user and may disable it again")]
    [InlineData("Generic",  ConflictRule.Preserve, "-",  ConsoleAction.Enable,  "The identity provider has disabled this user")]
    [InlineData("Okta",     ConflictRule.Preserve, "x",  ConsoleAction.Restore, "comes back disabled")]
    [InlineData("Okta",     ConflictRule.Preserve, "idx", ConsoleAction.Restore, "comes back disabled")]
    [InlineData("Okta",     ConflictRule.Preserve, "p",  ConsoleAction.Disable, "refused until the user is enabled here")]
    [InlineData("EntraId",  ConflictRule.Override, "p",  ConsoleAction.Disable, "comes back enabled")]
    [InlineData("Okta",     ConflictRule.Preserve, "ix", ConsoleAction.Purge,   "makes a new one")]
    [InlineData(null,       ConflictRule.Preserve, "id", ConsoleAction.Delete,  "not active already")]
    public void The_directory_has_its_own_sentence(string? provider, ConflictRule rule, string state, ConsoleAction action, string says) =>
        Assert.Contains(says, string.Join(' ', Consequences.OfUser(Facts.User(state), action, provider, rule, directoryDeleted: false)), StringComparison.Ordinal);

    [Fact]
    public void Every_action_on_every_group_has_a_consequence()
    {
        foreach (var provider in Providers)
            foreach (var state in Facts.Groups)
                foreach (var action in Enum.GetValues<ConsoleAction>())
                {
                    var says = Consequences.OfGroup(Facts.Group(state), action, provider);
                    Assert.True(says.Count > 0 && says.All(IsSentence), $"{action} of {state} under {provider}: {string.Join(" | ", says)}");
                }
    }

    [Theory]
    //          state action                 says
    [InlineData("-", ConsoleAction.Disable, "who holds a license by such a rule alone loses it")]
    [InlineData("-", ConsoleAction.Delete,  "who holds a license by such a rule alone loses it")]
    [InlineData("d", ConsoleAction.Enable,  "license rules give them licenses while seats are free")]
    [InlineData("d", ConsoleAction.Delete,  "policies and licenses do not change")]
    public void What_happens_to_a_group_is_told_of_licenses_too(string state, ConsoleAction action, string says) =>
        Assert.Contains(says, string.Join(' ', Consequences.OfGroup(Facts.Group(state), action, provider: null)), StringComparison.Ordinal);

    private static bool IsSentence(string text) => text.Length > 20 && char.IsUpper(text[0]) && text[^1] == '.';
}
