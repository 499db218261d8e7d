using Contracts.Events.V1;

namespace PolicyService.Tests.Policies;

/// <summary>A line of <c>rule-cases.txt</c>.</summary>
public sealed record RuleCase(
    bool Enabled, IReadOnlyList<string> Sources, IReadOnlyList<string> Exclusions, UserStatus User, IReadOnlyDictionary<string, GroupStatus> Groups, string Expected)
{
    public static TheoryData<string> Lines => [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Policies", "rule-cases.txt"))
        .Where(line => line.Length > 0 && line[0] != '#')];

    public static RuleCase Parse(string line)
    {
        var (policy, rest) = Split(line, " : ");
        var (user, expected) = Split(rest, " ⇶ ");
        var (sources, exclusions) = Split(" " + policy, " - ");
        var words = user.Split(' ');
        return new RuleCase(
            !policy.StartsWith("off ", StringComparison.Ordinal),
            [.. sources.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word != "off")], exclusions.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Enum.Parse<UserStatus>(words[0], ignoreCase: true),
            words[1..].Select(word => Split(word, "=")).ToDictionary(pair => pair.Item1, pair => Enum.Parse<GroupStatus>(pair.Item2, ignoreCase: true)),
            expected);
    }

    private static (string, string) Split(string text, string by) =>
        text.Split(by, 2) is [var left, var right] ? (left, right) : (text, "");
}
