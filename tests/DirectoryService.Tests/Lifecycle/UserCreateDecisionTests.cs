using DirectoryService.Lifecycle;
using static DirectoryService.Lifecycle.UserCreateDecision;

namespace DirectoryService.Tests.Lifecycle;

/// <summary>A POST of a userName that the directory has, in every state (docs: idp-behaviour §3). Letters: <see cref="Facts"/>.</summary>
public sealed class UserCreateDecisionTests
{
    [Theory]
    //          state  rule                   same externalId   another           none posted       none known
    [InlineData("i",   null,                  Outcome.Conflict, Outcome.Conflict, Outcome.Conflict, Outcome.Conflict)]
    [InlineData("-",   null,                  Outcome.Conflict, Outcome.Conflict, Outcome.Conflict, Outcome.Conflict)]
    [InlineData("id",  null,                  Outcome.Conflict, Outcome.Conflict, Outcome.Conflict, Outcome.Conflict)]
    [InlineData("d",   null,                  Outcome.Conflict, Outcome.Conflict, Outcome.Conflict, Outcome.Conflict)]
    [InlineData("dr",  null,                  Outcome.Conflict, Outcome.Conflict, Outcome.Conflict, Outcome.Conflict)]
    [InlineData("ix",  null,                  Outcome.Restore,  Outcome.Replace,  Outcome.Restore,  Outcome.Restore)]
    [InlineData("x",   null,                  Outcome.Restore,  Outcome.Replace,  Outcome.Restore,  Outcome.Restore)]
    [InlineData("xr",  null,                  Outcome.Restore,  Outcome.Replace,  Outcome.Restore,  Outcome.Restore)]
    [InlineData("idx", null,                  Outcome.Restore,  Outcome.Replace,  Outcome.Restore,  Outcome.Restore)]
    [InlineData("dx",  null,                  Outcome.Restore,  Outcome.Replace,  Outcome.Restore,  Outcome.Restore)]
    [InlineData("dxr", null,                  Outcome.Restore,  Outcome.Replace,  Outcome.Restore,  Outcome.Restore)]
    [InlineData("p",   null,                  Outcome.Revive,   Outcome.Create,   Outcome.Create,   Outcome.Create)]
    [InlineData("xp",  null,                  Outcome.Revive,   Outcome.Create,   Outcome.Create,   Outcome.Create)]
    [InlineData("dp",  ConflictRule.Preserve, Outcome.Refuse,   Outcome.Create,   Outcome.Create,   Outcome.Create)]
    [InlineData("dxp", ConflictRule.Preserve, Outcome.Refuse,   Outcome.Create,   Outcome.Create,   Outcome.Create)]
    [InlineData("dp",  ConflictRule.Override, Outcome.Revive,   Outcome.Create,   Outcome.Create,   Outcome.Create)]
    [InlineData("dxp", ConflictRule.Override, Outcome.Revive,   Outcome.Create,   Outcome.Create,   Outcome.Create)]
    public void A_posted_user_meets_the_one_of_that_name(string state, ConflictRule? only, Outcome same, Outcome another, Outcome nonePosted, Outcome noneKnown)
    {
        foreach (var rule in only is { } one ? [one] : Enum.GetValues<ConflictRule>())
        {
            Assert.Equal(same, Decide(new(Facts.User(state), "e1"), "e1", rule));
            Assert.Equal(another, Decide(new(Facts.User(state), "e1"), "e2", rule));
            Assert.Equal(another, Decide(new(Facts.User(state), "e1"), "E1", rule));
            Assert.Equal(nonePosted, Decide(new(Facts.User(state), "e1"), null, rule));
            Assert.Equal(noneKnown, Decide(new(Facts.User(state), null), "e1", rule));
            Assert.Equal(noneKnown, Decide(new(Facts.User(state), null), null, rule));
        }
    }

    [Theory]
    //          state  active:true  active:false
    [InlineData("ix",  "i",         "-")]
    [InlineData("x",   "i",         "-")]
    [InlineData("xr",  "i",         "-")]
    [InlineData("idx", "i",         "d")]
    [InlineData("dx",  "i",         "d")]
    [InlineData("dxr", "i",         "d")]
    [InlineData("p",   "i",         "-")]
    [InlineData("xp",  "i",         "-")]
    [InlineData("dp",  "i",         "d")]
    [InlineData("dxp", "i",         "d")]
    public void Who_comes_back_is_as_active_as_the_post_says(string state, string active, string inactive)
    {
        Assert.Equal(active, Facts.Of(StateAfter(Facts.User(state), active: true)));
        Assert.Equal(inactive, Facts.Of(StateAfter(Facts.User(state), active: false)));
    }

    public static TheoryData<bool, string> Cells => [.. new[] { true, false }.SelectMany(_ => new[] { "A", "U", "D", "DU", "X", "XR" }, (overrides, state) => (overrides, state))];

    [Theory]
    [MemberData(nameof(Cells))]
    public void The_last_column_of_both_tables_holds(bool overrides, string state)
    {
        var known = Facts.User(state switch { "A" => "i", "U" => "-", "D" => "id", "DU" => "dr", "X" => "ix", _ => "xr" });
        var outcome = Decide(new(known, "e1"), "e1", overrides ? ConflictRule.Override : ConflictRule.Preserve);
        var says = BehaviourTableReader.Cell(overrides, state, "post");
        Assert.Equal(says == "409" ? Outcome.Conflict : Outcome.Restore, outcome);
        if (outcome == Outcome.Restore) Assert.True(StateAfter(known, active: true).Active);
    }
}
