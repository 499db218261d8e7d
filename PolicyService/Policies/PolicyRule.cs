using Contracts.Events.V1;

namespace PolicyService.Policies;

/// <summary>
/// Who is under a policy. The one place that says it in words; <see cref="Storage.CoverageSql"/> says the same in SQL, and
/// tests run the same cases through both.
/// <code>
///   policy enabled ──┐
///   user active ─────┼─► under the policy, while
///                    │     some source covers the user          and    no exclusion covers the user
///                    │     everyone                                     the user itself
///                    │     the user itself                              a live group with the user in it
///                    │     a live group with the user in it             the user's directory
///                    │     the user's directory
///
///   "itself", "in it": the incarnation that was named or made a member, or no longer the same user (or group)
///   a group that is not live has no effect, on neither side; a deleted directory keeps its users and its effect
/// </code>
/// </summary>
internal static class PolicyRule
{
    internal static Verdict Judge(PolicyTerms policy, PolicyUser user)
    {
        var sources = CoverOf(policy.Everyone, policy.Sources, user);
        var exclusions = CoverOf(false, policy.Exclusions, user);
        var obstacles = new List<Obstacle>();
        if (!policy.Enabled) obstacles.Add(Obstacle.PolicyDisabled);
        if (user.Status != UserStatus.Active) obstacles.Add(Obstacle.UserNotActive);
        if (exclusions.HasEffect) obstacles.Add(Obstacle.Excluded);
        if (!sources.HasEffect) obstacles.Add(sources.Groups is [] ? Obstacle.NotAMember : Obstacle.NoLiveGroup);
        return new Verdict(sources, exclusions, obstacles);
    }

    private static Cover CoverOf(bool everyone, IReadOnlyCollection<PolicyTerm> terms, PolicyUser user) => new(
        everyone,
        terms.Any(term => term.Subject == Subject.User && term.Id == user.Id && term.UserScimId == user.ScimId),
        user.Directory is { } directory && terms.Any(term => term.Subject == Subject.Directory && term.Id == directory.Id) ? directory : null,
        [.. user.Groups.Where(group => terms.Any(term => term.Subject == Subject.Group && term.Id == group.Id))]);
}

/// <param name="UserScimId">Of a user: the incarnation that was named.</param>
internal sealed record PolicyTerm(Subject Subject, Guid Id, Guid? UserScimId = null);

/// <summary>What of a policy decides who is under it.</summary>
internal sealed record PolicyTerms(bool Enabled, bool Everyone, IReadOnlyCollection<PolicyTerm> Sources, IReadOnlyCollection<PolicyTerm> Exclusions);

/// <summary>What of a user decides which policies it is under.</summary>
/// <param name="Groups">In which it is a member, live or not; by its current incarnation and the group's.</param>
internal sealed record PolicyUser(Guid Id, Guid ScimId, UserStatus Status, NamedDirectory? Directory, IReadOnlyList<NamedGroup> Groups);

/// <summary>By what one side of a policy covers a user; groups without effect too.</summary>
internal sealed record Cover(bool Everyone, bool Direct, NamedDirectory? Directory, IReadOnlyList<NamedGroup> Groups)
{
    internal bool HasEffect => Everyone || Direct || Directory is not null || Groups.Any(group => group.Status == GroupStatus.Live);
}

/// <param name="Obstacles">All that stands in the way, not only the first, or an admin would mend one to meet the next.</param>
internal sealed record Verdict(Cover Sources, Cover Exclusions, IReadOnlyList<Obstacle> Obstacles)
{
    internal bool Applies => Obstacles is [];
}
