using PolicyService.Policies;

namespace PolicyService.Storage;

/// <summary>Converts enums to the lower-case names used in the database, and back.</summary>
internal static class PolicyEnumNames
{
    internal static string Word(this Subject subject) => subject.ToString().ToLowerInvariant();

    internal static string Word(this PolicyKind kind) => kind.ToString().ToLowerInvariant();

    internal static string Word(this PolicyAction action) => action.ToString().ToLowerInvariant();

    internal static Subject Subject(string word) => Enum.Parse<Subject>(word, ignoreCase: true);

    internal static PolicyKind Kind(string word) => Enum.Parse<PolicyKind>(word, ignoreCase: true);

    internal static PolicyAction Action(string word) => Enum.Parse<PolicyAction>(word, ignoreCase: true);
}
