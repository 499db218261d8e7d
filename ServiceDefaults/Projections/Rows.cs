using Contracts.Events.V1;

namespace ServiceDefaults.Projections;

/// <summary>What is kept of a user: the newest state known.</summary>
/// <param name="DirectoryId">Null: a manual user.</param>
/// <param name="ScimId">Of the current incarnation; edges of an earlier one do not count.</param>
/// <param name="Deactivations">How often the user became not active, ever.</param>
public sealed record UserRow(
    Guid AccountId, Guid UserId, Guid? DirectoryId, Guid ScimId, UserStatus Status, long Deactivations, bool HasEmail,
    string UserName, string? DisplayName, long Version)
{
    internal static UserRow Of(UserChanged fact) => new(
        fact.AccountId, fact.UserId, fact.DirectoryId, fact.ScimId, fact.Status, fact.Deactivations,
        !string.IsNullOrWhiteSpace(fact.Email), fact.UserName, fact.DisplayName, fact.Version);
}

/// <summary>What is kept of a user group, its members apart.</summary>
/// <param name="DirectoryId">Null: a user-defined group.</param>
/// <param name="ScimId">Of the current incarnation.</param>
public sealed record GroupRow(
    Guid AccountId, Guid GroupId, Guid? DirectoryId, Guid ScimId, GroupStatus Status, string DisplayName, long Version)
{
    internal static GroupRow Of(GroupChanged fact) =>
        new(fact.AccountId, fact.GroupId, fact.DirectoryId, fact.ScimId, fact.Status, fact.DisplayName, fact.Version);
}

/// <summary>What is kept of a directory.</summary>
public sealed record DirectoryRow(
    Guid AccountId, Guid DirectoryId, string Name, string Provider, bool Deleted, MassDeactivation? LastAlert, long Version)
{
    internal static DirectoryRow Of(DirectoryChanged fact) =>
        new(fact.AccountId, fact.DirectoryId, fact.Name, fact.Provider, fact.Deleted, fact.LastAlert, fact.Version);
}
