using System.Runtime.InteropServices;
using Contracts.Events.V1;

namespace ServiceDefaults.Projections;

/// <summary>An edge and the fact that contains it.</summary>
internal readonly record struct EdgeFact(MembersChanged Fact, MembershipEdge Edge);

/// <summary>
/// The newest of several facts for each directory, user, group and edge, because one statement may change a row only once.
/// Edges are compared one by one: another fact about the same group may be newer for one edge and older for another.
/// </summary>
internal sealed record NewestFacts(
    IReadOnlyList<DirectoryChanged> Directories,
    IReadOnlyList<UserChanged> Users,
    IReadOnlyList<GroupChanged> Groups,
    IReadOnlyList<EdgeFact> Edges)
{
    internal static NewestFacts Of(IEnumerable<IFact> facts)
    {
        var directories = new Dictionary<(Guid, Guid), DirectoryChanged>();
        var users = new Dictionary<(Guid, Guid), UserChanged>();
        var groups = new Dictionary<(Guid, Guid), GroupChanged>();
        var edges = new Dictionary<(Guid, Guid, Guid), EdgeFact>();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case DirectoryChanged directory: Keep(directories, (directory.AccountId, directory.DirectoryId), directory); break;
                case UserChanged user: Keep(users, (user.AccountId, user.UserId), user); break;
                case GroupChanged group: Keep(groups, (group.AccountId, group.GroupId), group); break;
                case MembersChanged members: Keep(edges, members); break;
                default: throw new ArgumentException($"No projection knows what a {fact.GetType().Name} is.", nameof(facts));
            }
        }
        return new NewestFacts([.. directories.Values], [.. users.Values], [.. groups.Values], [.. edges.Values]);
    }

    internal NewestFacts OfAccounts(IReadOnlyCollection<Guid> accounts) => new(
        [.. Directories.Where(fact => accounts.Contains(fact.AccountId))],
        [.. Users.Where(fact => accounts.Contains(fact.AccountId))],
        [.. Groups.Where(fact => accounts.Contains(fact.AccountId))],
        [.. Edges.Where(told => accounts.Contains(told.Fact.AccountId))]);

    private static void Keep<T>(Dictionary<(Guid, Guid), T> newest, (Guid, Guid) key, T fact) where T : class, IFact
    {
        ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, key, out _);
        if (kept is null || kept.Version < fact.Version) kept = fact;
    }

    /// <summary>Keeps the newest fact per edge. If one fact names an edge twice, the last one counts.</summary>
    private static void Keep(Dictionary<(Guid, Guid, Guid), EdgeFact> newest, MembersChanged fact)
    {
        foreach (var edge in fact.Edges)
        {
            ref var kept = ref CollectionsMarshal.GetValueRefOrAddDefault(newest, (fact.AccountId, fact.GroupScimId, edge.UserScimId), out var known);
            if (!known || kept.Fact.Version <= fact.Version) kept = new EdgeFact(fact, edge);
        }
    }
}
