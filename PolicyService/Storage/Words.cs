using Contracts.Events.V1;

namespace PolicyService.Storage;

/// <summary>Enums as the words that stand in the database and on the wire.</summary>
internal static class Words
{
    internal static string Word(this UserStatus status) => status.ToString().ToLowerInvariant();

    internal static string Word(this GroupStatus status) => status.ToString().ToLowerInvariant();

    internal static UserStatus UserStatus(string word) => Enum.Parse<UserStatus>(word, ignoreCase: true);

    internal static GroupStatus GroupStatus(string word) => Enum.Parse<GroupStatus>(word, ignoreCase: true);
}
