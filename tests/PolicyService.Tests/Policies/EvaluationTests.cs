using Contracts.Events.V1;
using PolicyService.Policies;

namespace PolicyService.Tests.Policies;

public sealed class EvaluationTests
{
    private static Evaluation Of(bool enabled, UserStatus user, params GroupStatus[] groups) =>
        Evaluation.Of(Guid.NewGuid(), "Access", 0, enabled, user, [.. groups.Select(status => new NamedGroup(Guid.NewGuid(), "Staff", status))]);

    [Fact]
    public void One_live_group_is_enough()
    {
        var evaluation = Of(true, UserStatus.Active, GroupStatus.Disabled, GroupStatus.Live);
        Assert.True(evaluation.Applies);
        Assert.Empty(evaluation.Obstacles);
        Assert.Equal(2, evaluation.ViaGroups.Count);
    }

    [Fact]
    public void Everything_that_stands_in_the_way_is_named()
    {
        var evaluation = Of(false, UserStatus.Removed, GroupStatus.Deleted, GroupStatus.Disabled);
        Assert.False(evaluation.Applies);
        Assert.Equal([Obstacle.PolicyDisabled, Obstacle.UserNotActive, Obstacle.NoLiveGroup], evaluation.Obstacles);
    }

    [Fact]
    public void A_user_in_no_group_of_the_policy_is_not_a_member() =>
        Assert.Equal([Obstacle.NotAMember], Of(true, UserStatus.Active).Obstacles);
}
