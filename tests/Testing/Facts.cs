using Contracts.Events.V1;

namespace Testing;

/// <summary>Facts for tests: everything has a value, the test names what matters to it.</summary>
public static class Facts
{
    public static readonly Actor Actor = new() { Kind = "scimToken", Id = "demo", Name = "Entra ID" };
    public static readonly DateTimeOffset At = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static UserChanged User(
        long version,
        Guid? account = null,
        Guid? user = null,
        Guid? scimId = null,
        Guid? directory = null,
        UserStatus status = UserStatus.Active,
        long deactivations = 0,
        string userName = "ada@example.com",
        string? email = "ada@example.com",
        string change = Change.Updated) => new()
        {
            EventId = Guid.NewGuid(),
            AccountId = account ?? Guid.NewGuid(),
            DirectoryId = directory,
            UserId = user ?? Guid.NewGuid(),
            ScimId = scimId ?? Guid.NewGuid(),
            Version = version,
            Status = status,
            Deactivations = deactivations,
            UserName = userName,
            DisplayName = "Ada Lovelace",
            Email = email,
            ExternalId = "ext-ada",
            Change = change,
            Actor = Actor,
            At = At,
        };

    public static GroupChanged Group(
        long version,
        Guid account,
        Guid group,
        Guid scimId,
        GroupStatus status = GroupStatus.Live,
        string displayName = "Engineering",
        Guid? directory = null,
        string change = Change.Updated) => new()
        {
            EventId = Guid.NewGuid(),
            AccountId = account,
            DirectoryId = directory,
            GroupId = group,
            ScimId = scimId,
            Version = version,
            Status = status,
            DisplayName = displayName,
            Change = change,
            Actor = Actor,
            At = At,
        };

    public static DirectoryChanged Directory(
        long version, Guid account, Guid directory, string name = "Contoso", string provider = "EntraId", bool deleted = false) => new()
        {
            EventId = Guid.NewGuid(),
            AccountId = account,
            DirectoryId = directory,
            Version = version,
            Name = name,
            Provider = provider,
            Deleted = deleted,
            Change = deleted ? Change.Deleted : Change.Updated,
            Actor = Actor,
            At = At,
        };

    public static MembersChanged Members(
        long version, Guid account, Guid group, Guid groupScimId, params (Guid UserId, Guid UserScimId, bool Present)[] edges) => new()
        {
            EventId = Guid.NewGuid(),
            AccountId = account,
            GroupId = group,
            GroupScimId = groupScimId,
            Version = version,
            Edges = [.. edges.Select(edge => new MembershipEdge { UserId = edge.UserId, UserScimId = edge.UserScimId, Present = edge.Present })],
            Change = Change.MembersChanged,
            Actor = Actor,
            At = At,
        };
}
