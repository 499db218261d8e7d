using PolicyService.Policies;

namespace PolicyService.Tests.Policies;

public sealed class PolicyDraftTests
{
    [Fact]
    public void Names_that_look_the_same_have_the_same_key()
    {
        var composed = PolicyDraft.Check("\u00c4rzte", [], null, null).Draft;
        var decomposed = PolicyDraft.Check(" a\u0308rzte ", [], null, null).Draft;
        Assert.Equal(composed!.NameKey, decomposed!.NameKey);
        Assert.Equal("\u00c4rzte", composed.Name);
    }

    [Fact]
    public void A_group_named_twice_counts_once()
    {
        var group = Guid.NewGuid();
        Assert.Equal([group], PolicyDraft.Check("a", [group, group], null, null).Draft!.GroupIds);
    }

    [Fact]
    public void More_groups_than_a_policy_may_name_are_refused() =>
        Assert.Contains("at most 1000", PolicyDraft.Check("a", [.. Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid())], null, null).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_name_has_at_most_200_characters(int length, bool accepted) =>
        Assert.Equal(accepted, PolicyDraft.Check(new string('x', length), [], null, null).Draft is not null);
}
