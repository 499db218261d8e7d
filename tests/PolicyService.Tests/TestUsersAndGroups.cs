using Contracts.Events.V1;
using Testing;

namespace PolicyService.Tests;

/// <summary>A group as the directory would tell of it, from one version to the next.</summary>
internal sealed class TestGroup(Guid account, string displayName)
{
    internal Guid Id { get; } = Guid.NewGuid();
    internal Guid ScimId { get; private set; } = Guid.NewGuid();
    private long version;

    internal GroupChanged Is(GroupStatus status = GroupStatus.Live) =>
        Facts.Group(++version, account, Id, ScimId, status, displayName);

    /// <summary>Removed and made again: another SCIM id.</summary>
    internal GroupChanged ComesBack()
    {
        ScimId = Guid.NewGuid();
        return Is();
    }

    internal MembersChanged Members(bool present, params TestUser[] users) =>
        Facts.Members(++version, account, Id, ScimId, [.. users.Select(user => (user.Id, user.ScimId, present))]);
}

/// <summary>A user as the directory would tell of it, from one version to the next.</summary>
/// <param name="directory">Null: a manual user.</param>
internal sealed class TestUser(Guid account, string name, Guid? directory = null)
{
    internal Guid Id { get; } = Guid.NewGuid();
    internal Guid ScimId { get; private set; } = Guid.NewGuid();
    private long version;
    private long deactivations;
    private bool active;

    internal UserChanged Is(UserStatus status = UserStatus.Active)
    {
        if (active && status != UserStatus.Active) deactivations++;
        active = status == UserStatus.Active;
        return Facts.User(++version, account, Id, ScimId, directory, status, deactivations, userName: name);
    }

    /// <summary>Removed and made again: another SCIM id.</summary>
    internal UserChanged ComesBack()
    {
        if (active) deactivations++;
        active = false;
        ScimId = Guid.NewGuid();
        return Is();
    }
}
