using Contracts.Events.V1;

namespace Contracts.State.V1;

/// <summary>
/// One line of the directory's state feed (<c>GET /internal/v1/state</c>, application/x-ndjson): what is so in one account,
/// read from one snapshot and told in facts, so that a consumer applies it with the code it has. Exactly one member is set.
/// <code>
/// directory* user* group* members* end
/// </code>
/// Removed users and groups are told too. Members are all edges of a group, each with the group's version in this
/// snapshot: a fact about that group which is not newer is already in it.
/// </summary>
public sealed record StateLine
{
    public DirectoryChanged? Directory { get; init; }
    public UserChanged? User { get; init; }
    public GroupChanged? Group { get; init; }
    public MembersChanged? Members { get; init; }

    /// <summary>The last line: how many lines stood before it. A feed that ends without it was cut off.</summary>
    public long? End { get; init; }
}
