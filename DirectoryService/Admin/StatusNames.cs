using Contracts.Events.V1;

namespace DirectoryService.Admin;

/// <summary>Names of statuses in the API; the same words as in facts and in the database.</summary>
internal static class StatusNames
{
    internal static readonly IReadOnlyList<string> OfUsers = [.. Enum.GetValues<UserStatus>().Select(Of)];
    internal static readonly IReadOnlyList<string> OfGroups = [.. Enum.GetValues<GroupStatus>().Select(Of)];

    internal static string Of(UserStatus status) => status switch
    {
        UserStatus.Active => "active",
        UserStatus.Unassigned => "unassigned",
        UserStatus.Disabled => "disabled",
        UserStatus.Deleted => "deleted",
        UserStatus.Removed => "removed",
    };

    internal static string Of(GroupStatus status) => status switch
    {
        GroupStatus.Live => "live",
        GroupStatus.Disabled => "disabled",
        GroupStatus.Deleted => "deleted",
        GroupStatus.Removed => "removed",
    };
}
