using System.Text.Json.Serialization;
using Contracts.Events.V1;
using PolicyService.Policies;

namespace PolicyService.Members;

/// <summary>What one policy is to one user.</summary>
/// <param name="ViaGroups">The source groups of the policy in which the user is a member, those without effect too.</param>
/// <param name="ExcludedBy">What leaves the user out; null when nothing does.</param>
internal sealed record Evaluation(
    Guid Id, string Name, PolicyKind Kind, PolicyAction Action, int Order, bool Applies,
    IReadOnlyList<NamedGroup> ViaGroups, bool Direct, NamedDirectory? ViaDirectory, bool Everyone,
    ExcludedBy? ExcludedBy, IReadOnlyList<Obstacle> Obstacles)
{
    internal static Evaluation Of(EvaluatedPolicy policy)
    {
        var (sources, exclusions) = (policy.Verdict.Sources, policy.Verdict.Exclusions);
        return new Evaluation(
            policy.Id, policy.Name, policy.Kind, policy.Action, policy.Order, policy.Verdict.Applies,
            sources.Groups, sources.Direct, sources.Directory, sources.Everyone,
            exclusions.HasEffect
                ? new ExcludedBy(exclusions.Direct, exclusions.Directory, [.. exclusions.Groups.Where(group => group.Status == GroupStatus.Live)])
                : null,
            policy.Verdict.Obstacles);
    }
}

/// <param name="Direct">The policy excludes the user itself.</param>
/// <param name="Groups">Live ones.</param>
internal sealed record ExcludedBy(bool Direct, NamedDirectory? Directory, IReadOnlyList<NamedGroup> Groups);

/// <summary>A policy with the decision of <see cref="PolicyRule"/> for one user.</summary>
internal sealed record EvaluatedPolicy(Guid Id, string Name, PolicyKind Kind, PolicyAction Action, int Order, PolicyDecision Verdict)
{
    /// <summary>The view of a policy that applies.</summary>
    internal AppliedPolicy Applied() => new(
        Id, Name, Kind, Action, Order,
        [.. Verdict.Sources.Groups.Where(group => group.Status == GroupStatus.Live).Select(group => new ViaGroup(group.Id, group.DisplayName!))],
        Verdict.Sources.Direct, Verdict.Sources.Directory, Verdict.Sources.Everyone);
}

/// <summary>A user and the evaluated policies of its account, in the order in which they apply.</summary>
internal sealed record EvaluatedUser(UserStatus Status, IReadOnlyList<EvaluatedPolicy> Policies);

/// <summary>Why a policy does not apply to a user.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Obstacle>))]
internal enum Obstacle
{
    [JsonStringEnumMemberName("policyDisabled")] PolicyDisabled,
    [JsonStringEnumMemberName("userNotActive")] UserNotActive,
    /// <summary>The policy leaves the user out: itself, one of its groups, or its directory.</summary>
    [JsonStringEnumMemberName("excluded")] Excluded,
    /// <summary>Covered by none of the policy's sources.</summary>
    [JsonStringEnumMemberName("notAMember")] NotAMember,
    /// <summary>A member, but only in groups that are disabled, deleted or removed.</summary>
    [JsonStringEnumMemberName("noLiveGroup")] NoLiveGroup,
}
