using Contracts.Events.V1;
using PolicyService.Policies;

namespace PolicyService.Members;

/// <summary>
/// Decides whether a policy applies to a user. <see cref="PolicyService.Members.CoverageSql"/> is the SQL form; tests run the same cases
/// through both.
/// <code>
///   policy enabled ──┐
///   user active ─────┼─► under the policy, while
///                    │     some source covers the user          and    no exclusion covers the user
///                    │     everyone                                     the user itself
///                    │     the user itself                              a live group with the user in it
///                    │     a live group with the user in it             the user's directory
///                    │     the user's directory
///
///   "itself" and "in it" mean the incarnation that was named or made a member; a new incarnation does not count
///   a group that is not live counts neither as source nor as exclusion; a deleted directory still counts
/// </code>
/// </summary>
internal static class PolicyRule
{
    internal static PolicyDecision Decide(PolicyTerms policy, PolicyUser user)
    {
        var sources = CoverOf(policy.Everyone, policy.Sources, user);
        var exclusions = CoverOf(false, policy.Exclusions, user);
        var obstacles = new List<Obstacle>();
        if (!policy.Enabled) obstacles.Add(Obstacle.PolicyDisabled);
        if (user.Status != UserStatus.Active) obstacles.Add(Obstacle.UserNotActive);
        if (exclusions.HasEffect) obstacles.Add(Obstacle.Excluded);
        if (!sources.HasEffect) obstacles.Add(sources.Groups is [] ? Obstacle.NotAMember : Obstacle.NoLiveGroup);
        return new PolicyDecision(sources, exclusions, obstacles);
    }

    private static Coverage CoverOf(bool everyone, IReadOnlyCollection<PolicyTerm> terms, PolicyUser user) => new(
        everyone,
        terms.Any(term => term.Subject == Subject.User && term.Id == user.Id && term.UserScimId == user.ScimId),
        user.Directory is { } directory && terms.Any(term => term.Subject == Subject.Directory && term.Id == directory.Id) ? directory : null,
        [.. user.Groups.Where(group => terms.Any(term => term.Subject == Subject.Group && term.Id == group.Id))]);
}

/// <param name="UserScimId">For a user: SCIM id of the incarnation that was named.</param>
internal sealed record PolicyTerm(Subject Subject, Guid Id, Guid? UserScimId = null);

/// <summary>The parts of a policy that decide whether it applies to a user.</summary>
internal sealed record PolicyTerms(bool Enabled, bool Everyone, IReadOnlyCollection<PolicyTerm> Sources, IReadOnlyCollection<PolicyTerm> Exclusions);

/// <summary>The attributes of a user that decide which policies apply to it.</summary>
/// <param name="Groups">The groups of the user, live or not, by the current incarnations of the user and the group.</param>
internal sealed record PolicyUser(Guid Id, Guid ScimId, UserStatus Status, NamedDirectory? Directory, IReadOnlyList<NamedGroup> Groups);

/// <summary>Why one side of a policy (sources or exclusions) covers a user; groups that are not live are included.</summary>
internal sealed record Coverage(bool Everyone, bool Direct, NamedDirectory? Directory, IReadOnlyList<NamedGroup> Groups)
{
    internal bool HasEffect => Everyone || Direct || Directory is not null || Groups.Any(group => group.Status == GroupStatus.Live);
}

/// <param name="Obstacles">All reasons why the policy does not apply, so that an admin can remove all of them at once.</param>
internal sealed record PolicyDecision(Coverage Sources, Coverage Exclusions, IReadOnlyList<Obstacle> Obstacles)
{
    internal bool Applies => Obstacles is [];
}
