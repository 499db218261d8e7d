using Contracts.Events.V1;
using ServiceDefaults.Projections;

namespace ServiceDefaults.Feed;

/// <summary>What a service has stored of one user and of the groups that it is in, to be held against what the directory tells.</summary>
/// <param name="Version">0: the user is not known.</param>
internal sealed record KnownUser(long Version, IReadOnlyDictionary<Guid, KnownGroup> Groups)
{
    internal static readonly KnownUser Nothing = new(0, new Dictionary<Guid, KnownGroup>());

    /// <summary>
    /// Whether the fact tells more than is stored. A group's version moves with every membership, so what the group is counts
    /// and not its version; whatever is in fact older changes nothing when it is applied.
    /// </summary>
    internal bool IsNewsOf(IFact fact) => fact switch
    {
        UserChanged user => user.Version > Version,
        GroupChanged group => Groups.GetValueOrDefault(group.GroupId) is not { } known
            || (known.ScimId, known.Status, known.DisplayName) != (group.ScimId, group.Status.Word(), group.DisplayName),
        MembersChanged members => members.Edges.Any(edge =>
            edge.Present != (Groups.GetValueOrDefault(members.GroupId)?.MemberOf.Contains(members.GroupScimId) == true)),
        _ => true,
    };
}

/// <param name="MemberOf">SCIM ids of the group's incarnations that the user is a member of.</param>
internal sealed record KnownGroup(Guid? ScimId, string? Status, string? DisplayName, HashSet<Guid> MemberOf);
