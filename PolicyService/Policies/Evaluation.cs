using System.Text.Json.Serialization;
using Contracts.Events.V1;

namespace PolicyService.Policies;

/// <summary>What one policy is to one user.</summary>
/// <param name="ViaGroups">The groups of the policy in which the user is a member, those without effect too.</param>
/// <param name="Obstacles">All that stands in the way, not only the first, or an admin would mend one to meet the next.</param>
internal sealed record Evaluation(
    Guid Id, string Name, int Order, bool Applies, IReadOnlyList<NamedGroup> ViaGroups, IReadOnlyList<Obstacle> Obstacles)
{
    internal static Evaluation Of(Guid id, string name, int order, bool enabled, UserStatus user, IReadOnlyList<NamedGroup> memberOf)
    {
        var obstacles = new List<Obstacle>();
        if (!enabled) obstacles.Add(Obstacle.PolicyDisabled);
        if (user != UserStatus.Active) obstacles.Add(Obstacle.UserNotActive);
        if (memberOf is []) obstacles.Add(Obstacle.NotAMember);
        else if (memberOf.All(group => group.Status != GroupStatus.Live)) obstacles.Add(Obstacle.NoLiveGroup);
        return new Evaluation(id, name, order, obstacles is [], memberOf, obstacles);
    }
}

/// <summary>A user, and every policy of its account.</summary>
internal sealed record EvaluatedUser(UserStatus Status, IReadOnlyList<Evaluation> Policies);

/// <summary>Why a policy does not apply to a user.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Obstacle>))]
internal enum Obstacle
{
    [JsonStringEnumMemberName("policyDisabled")] PolicyDisabled,
    [JsonStringEnumMemberName("userNotActive")] UserNotActive,
    /// <summary>In none of the groups that the policy names.</summary>
    [JsonStringEnumMemberName("notAMember")] NotAMember,
    /// <summary>A member, but only in groups that are disabled, deleted or removed.</summary>
    [JsonStringEnumMemberName("noLiveGroup")] NoLiveGroup,
}
