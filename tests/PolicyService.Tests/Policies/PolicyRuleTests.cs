using Contracts.Events.V1;
using PolicyService.Members;
using PolicyService.Policies;

namespace PolicyService.Tests.Policies;

/// <summary>The rule as the pure function says it; <see cref="PolicyService.Tests.Members.PolicyRuleSqlTests"/> run the same cases through the service.</summary>
public sealed class PolicyRuleTests
{
    private static readonly NamedDirectory Directory = new(Guid.NewGuid(), "Entra", false);
    private static readonly Dictionary<string, Guid> Groups = new() { ["staff"] = Guid.NewGuid(), ["sales"] = Guid.NewGuid() };
    private static readonly (Guid Id, Guid ScimId) User = (Guid.NewGuid(), Guid.NewGuid());

    [Theory]
    [MemberData(nameof(RuleCase.Lines), MemberType = typeof(RuleCase))]
    public void The_rule_says_who_is_under_a_policy(string line)
    {
        var test = RuleCase.Parse(line);
        // Memberships of other incarnations are none: they never reach the rule.
        var memberOf = test.Groups.Where(group => Groups.ContainsKey(group.Key)).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new NamedGroup(Groups[group.Key], group.Key, group.Value)).ToList();
        var verdict = PolicyRule.Decide(
            new PolicyTerms(test.Enabled, test.Sources.Contains("everyone"), Terms(test.Sources), Terms(test.Exclusions)),
            new PolicyUser(User.Id, User.ScimId, test.User, Directory, memberOf));
        Assert.Equal(test.Expected, Said(verdict));
        Assert.Equal(verdict.Obstacles is [], verdict.Applies);
    }

    private static List<PolicyTerm> Terms(IEnumerable<string> words) => [.. words.Where(word => word != "everyone").Select(word => word switch
    {
        "user" => new PolicyTerm(Subject.User, User.Id, User.ScimId),
        "older-user" => new PolicyTerm(Subject.User, User.Id, Guid.NewGuid()),
        "directory" => new PolicyTerm(Subject.Directory, Directory.Id),
        var group => new PolicyTerm(Subject.Group, Groups[group]),
    })];

    private static string Said(PolicyDecision verdict)
    {
        if (!verdict.Applies)
            return string.Join(", ", verdict.Obstacles.Select(obstacle => char.ToLowerInvariant(obstacle.ToString()[0]) + obstacle.ToString()[1..]));
        var via = verdict.Sources.Groups.Where(group => group.Status == GroupStatus.Live).Select(group => group.DisplayName).ToList();
        string?[] reasons =
        [
            via is [] ? null : "via " + string.Join(", ", via), verdict.Sources.Direct ? "direct" : null,
            verdict.Sources.Directory is null ? null : "directory", verdict.Sources.Everyone ? "everyone" : null,
        ];
        return string.Join(", ", reasons.Where(reason => reason is not null));
    }
}
