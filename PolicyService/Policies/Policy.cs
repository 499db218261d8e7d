using Contracts.Events.V1;

namespace PolicyService.Policies;

/// <param name="Order">Lower comes first; the name decides between equals.</param>
internal sealed record Policy(Guid Id, string Name, bool Enabled, int Order, IReadOnlyList<NamedGroup> Groups);

/// <summary>A group that a policy names. It has an effect while it is live.</summary>
/// <param name="DisplayName">Null together with <paramref name="Status"/>: no fact of the group is here (any more).</param>
internal sealed record NamedGroup(Guid Id, string? DisplayName, GroupStatus? Status);

/// <summary>A group by which a policy applies to a user.</summary>
internal sealed record ViaGroup(Guid Id, string DisplayName);

/// <summary>A user to whom a policy applies.</summary>
internal sealed record Member(Guid UserId, string UserName, string? DisplayName, IReadOnlyList<ViaGroup> ViaGroups);

/// <summary>A policy that applies to a user.</summary>
internal sealed record AppliedPolicy(Guid Id, string Name, IReadOnlyList<ViaGroup> ViaGroups);
