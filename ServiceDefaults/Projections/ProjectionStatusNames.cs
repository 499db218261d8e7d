using Contracts.Events.V1;

namespace ServiceDefaults.Projections;

/// <summary>Converts statuses to the names used in the projections.</summary>
public static class ProjectionStatusNames
{
    public static string Word(this UserStatus status) => status.ToString().ToLowerInvariant();

    public static string Word(this GroupStatus status) => status.ToString().ToLowerInvariant();

    public static UserStatus UserStatus(string word) => Enum.Parse<UserStatus>(word, ignoreCase: true);

    public static GroupStatus GroupStatus(string word) => Enum.Parse<GroupStatus>(word, ignoreCase: true);
}
