using Contracts.Events.V1;
using Testing;

namespace PolicyService.Tests;

/// <summary>A group as the directory would tell of it, from one version to the next.</summary>
internal sealed class CastGroup(Guid account, string displayName)
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

    internal MembersChanged Members(bool present, params CastUser[] users) =>
        Facts.Members(++version, account, Id, ScimId, [.. users.Select(user => (user.Id, user.ScimId, present))]);
}

/// <summary>A user as the directory would tell of it, from one version to the next.</summary>
internal sealed class CastUser(Guid account, string name)
{
    internal Guid Id { get; } = Guid.NewGuid();
    internal Guid ScimId { get; private set; } = Guid.NewGuid();
    private long version;

    internal UserChanged Is(UserStatus status = UserStatus.Active) =>
        Facts.User(++version, account, Id, ScimId, status: status, userName: name);

    /// <summary>Removed and made again: another SCIM id.</summary>
    internal UserChanged ComesBack()
    {
        ScimId = Guid.NewGuid();
        return Is();
    }
}
