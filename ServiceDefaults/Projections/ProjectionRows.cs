using Contracts.Events.V1;

namespace ServiceDefaults.Projections;

/// <summary>The projected state of a user.</summary>
/// <param name="DirectoryId">Null: a manual user.</param>
/// <param name="ScimId">SCIM id of the current incarnation; edges of an earlier one do not count.</param>
/// <param name="Deactivations">How often the user has become inactive so far.</param>
public sealed record UserRow(
    Guid AccountId, Guid UserId, Guid? DirectoryId, Guid ScimId, UserStatus Status, long Deactivations, bool HasEmail,
    string UserName, string? DisplayName, long Version)
{
    internal static UserRow Of(UserChanged fact) => new(
        fact.AccountId, fact.UserId, fact.DirectoryId, fact.ScimId, fact.Status, fact.Deactivations,
        !string.IsNullOrWhiteSpace(fact.Email), fact.UserName, fact.DisplayName, fact.Version);
}

/// <summary>The projected state of a group, without members.</summary>
/// <param name="DirectoryId">Null: a user-defined group.</param>
/// <param name="ScimId">Of the current incarnation.</param>
public sealed record GroupRow(
    Guid AccountId, Guid GroupId, Guid? DirectoryId, Guid ScimId, GroupStatus Status, string DisplayName, long Version)
{
    internal static GroupRow Of(GroupChanged fact) =>
        new(fact.AccountId, fact.GroupId, fact.DirectoryId, fact.ScimId, fact.Status, fact.DisplayName, fact.Version);
}

/// <summary>The projected state of a directory.</summary>
public sealed record DirectoryRow(
    Guid AccountId, Guid DirectoryId, string Name, string Provider, bool Deleted, MassDeactivation? LastAlert, long Version)
{
    internal static DirectoryRow Of(DirectoryChanged fact) =>
        new(fact.AccountId, fact.DirectoryId, fact.Name, fact.Provider, fact.Deleted, fact.LastAlert, fact.Version);
}
