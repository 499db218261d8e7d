using Contracts.Events.V1;
using ServiceDefaults.Projections;

namespace ServiceDefaults.DirectoryState;

/// <summary>The stored state of one user and its groups, for comparison with the directory's facts.</summary>
/// <param name="Version">0 when the user is unknown.</param>
internal sealed record StoredUserState(long Version, IReadOnlyDictionary<Guid, StoredGroupState> Groups)
{
    internal static readonly StoredUserState Nothing = new(0, new Dictionary<Guid, StoredGroupState>());

    /// <summary>
    /// Whether the fact differs from the stored state. For groups the attributes are compared and not the version, because a
    /// group's version grows with every change of members. Applying a fact that is in fact older changes nothing.
    /// </summary>
    internal bool IsOlderThan(IFact fact) => fact switch
    {
        UserChanged user => user.Version > Version,
        GroupChanged group => Groups.GetValueOrDefault(group.GroupId) is not { } known
            || (known.ScimId, known.Status, known.DisplayName) != (group.ScimId, group.Status.Word(), group.DisplayName),
        MembersChanged members => members.Edges.Any(edge =>
            edge.Present != (Groups.GetValueOrDefault(members.GroupId)?.MemberOf.Contains(members.GroupScimId) == true)),
        _ => true,
    };
}

/// <param name="MemberOf">SCIM ids of the incarnations of the group that contain the user.</param>
internal sealed record StoredGroupState(Guid? ScimId, string? Status, string? DisplayName, HashSet<Guid> MemberOf);
