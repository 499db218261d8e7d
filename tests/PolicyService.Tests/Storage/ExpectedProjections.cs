using Contracts.Events.V1;
using PolicyService.Members;
using PolicyService.Policies;

namespace PolicyService.Tests.Storage;

/// <summary>What the tables must hold: the facts one after the other, each simply overwriting what was before.</summary>
internal sealed class ExpectedProjections
{
    private readonly Dictionary<Guid, UserChanged> users = [];
    private readonly Dictionary<Guid, GroupChanged> groups = [];
    private readonly Dictionary<Guid, long> versions = [];
    private readonly Dictionary<(Guid Group, Guid User), (MembersChanged Fact, MembershipEdge Edge)> edges = [];

    internal ExpectedProjections(IEnumerable<IFact> facts)
    {
        foreach (var fact in facts)
        {
            if (fact is GroupChanged or MembersChanged) versions[fact is GroupChanged of ? of.GroupId : ((MembersChanged)fact).GroupId] = fact.Version;
            if (fact is UserChanged user) users[user.UserId] = user;
            else if (fact is GroupChanged group) groups[group.GroupId] = group;
            else if (fact is MembersChanged members)
                foreach (var edge in members.Edges) edges[(members.GroupScimId, edge.UserScimId)] = (members, edge);
        }
    }

    /// <summary>One line for each row, in the form of <see cref="TableRows"/>.</summary>
    internal IEnumerable<string> Rows() =>
    [
        .. users.Values.Select(user => $"user {user.UserId} {user.ScimId} {Word(user.Status)} {user.Version}"),
        .. groups.Values.Select(group => $"group {group.GroupId} {group.ScimId} {Word(group.Status)} {group.Version}"),
        .. edges.Values.Select(pair => $"edge {pair.Fact.GroupId} {pair.Fact.GroupScimId} {pair.Edge.UserId} {pair.Edge.UserScimId} {Word(pair.Edge.Present)} {pair.Fact.Version}"),
    ];

    /// <summary>
    /// What the directory's state feed tells: whole states, and the edges of current incarnations; groups and edges with the
    /// group's version, which grows with each change of members.
    /// </summary>
    internal IEnumerable<IFact> State()
    {
        foreach (var user in users.Values) yield return user;
        foreach (var group in groups.Values) yield return group with { Version = versions[group.GroupId] };
        foreach (var group in groups.Values)
        {
            var present = edges.Values
                .Where(pair => pair.Fact.GroupScimId == group.ScimId && pair.Edge.Present && users[pair.Edge.UserId].ScimId == pair.Edge.UserScimId)
                .ToList();
            if (present is not []) yield return present[0].Fact with { Version = versions[group.GroupId], Edges = [.. present.Select(pair => pair.Edge)] };
        }
    }

    internal IReadOnlyCollection<Guid> Groups => groups.Keys;

    internal IReadOnlyCollection<Guid> Users => users.Keys;

    /// <summary>The definition of a membership that counts: <c>user group</c>.</summary>
    internal IEnumerable<string> Effective() =>
        from pair in edges.Values
        where pair.Edge.Present
        let user = users[pair.Edge.UserId]
        let @group = groups[pair.Fact.GroupId]
        where user.ScimId == pair.Edge.UserScimId && user.Status == UserStatus.Active
        where @group.ScimId == pair.Fact.GroupScimId && @group.Status == GroupStatus.Live
        select $"{user.UserId} {@group.GroupId}";

    /// <summary>What of a user decides which policies it is under.</summary>
    internal PolicyUser Of(Guid user) => new(
        user, users[user].ScimId, users[user].Status, users[user].DirectoryId is { } directory ? new NamedDirectory(directory, null, null) : null,
        [.. from pair in edges.Values
            where pair.Edge.Present && pair.Edge.UserScimId == users[user].ScimId
            let @group = groups[pair.Fact.GroupId]
            where @group.ScimId == pair.Fact.GroupScimId
            select new NamedGroup(@group.GroupId, @group.DisplayName, @group.Status)]);

    private static string Word(object value) => value.ToString()!.ToLowerInvariant();
}
