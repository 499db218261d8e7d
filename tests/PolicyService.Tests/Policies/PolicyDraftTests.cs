using PolicyService.Policies;

namespace PolicyService.Tests.Policies;

public sealed class PolicyDraftTests
{
    [Fact]
    public void Names_that_look_the_same_have_the_same_key()
    {
        var composed = Check(new PolicyBody("\u00c4rzte", [])).Draft;
        var decomposed = Check(new PolicyBody(" a\u0308rzte ", [])).Draft;
        Assert.Equal(composed!.NameKey, decomposed!.NameKey);
        Assert.Equal("\u00c4rzte", composed.Name);
    }

    [Fact]
    public void A_group_named_twice_counts_once()
    {
        var group = Guid.NewGuid();
        Assert.Equal([new DefinitionTerm(Subject.Group, group, false)], Check(new PolicyBody("a", [group, group])).Draft!.ApplyTo(PolicyDefinition.New).Terms);
    }

    [Fact]
    public void More_than_a_policy_may_name_are_refused()
    {
        Guid[] many = [.. Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid())];
        Assert.Contains("at most 1000", Check(new PolicyBody("a", many)).Error, StringComparison.Ordinal);
        Assert.StartsWith("'excludedUserIds'", Check(new PolicyBody("a", [], ExcludedUserIds: many)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access", null, "'kind' must be one of 'access', 'web', 'firewall'.")]
    [InlineData(null, "deny", "'action' must be one of 'allow', 'block', 'monitor'.")]
    public void A_kind_or_action_that_there_is_not_is_answered_with_those_that_there_are(string? kind, string? action, string error) =>
        Assert.Equal(error, Check(new PolicyBody("a", [], Kind: kind, Action: action)).Error);

    [Fact]
    public void What_is_left_out_stays_as_it_is()
    {
        var (group, user, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var before = Check(new PolicyBody("a", [group], false, 7, "web", "block", true, [user], ExcludedUserIds: [other])).Draft!.ApplyTo(PolicyDefinition.New);
        Assert.True(Check(new PolicyBody("a", [group])).Draft!.ApplyTo(before).SameAs(before));
        var after = Check(new PolicyBody("a", [], UserIds: [other], ExcludedUserIds: [])).Draft!.ApplyTo(before);
        Assert.Equal([new DefinitionTerm(Subject.User, other, false)], after.Terms);
        Assert.Equal((PolicyKind.Web, PolicyAction.Block, false, 7, true), (after.Kind, after.Action, after.Enabled, after.Order, after.Everyone));
        Assert.Null(after.Contradiction());
        Assert.NotNull(Check(new PolicyBody("a", [], UserIds: [other])).Draft!.ApplyTo(before).Contradiction());
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_name_has_at_most_200_characters(int length, bool accepted) =>
        Assert.Equal(accepted, Check(new PolicyBody(new string('x', length), [])).Draft is not null);

    private static (PolicyDraft? Draft, string? Error) Check(PolicyBody body) => PolicyDraft.Check(body);
}
