namespace PolicyService.Policies;

/// <param name="Order">Lower comes first; the name decides between equals.</param>
/// <param name="Everyone">Every active user of the account is a source.</param>
internal sealed record Policy(
    Guid Id, string Name, PolicyKind Kind, PolicyAction Action, bool Enabled, int Order, bool Everyone, Subjects Sources, Subjects Exclusions);

/// <summary>A group by which a policy applies to a user.</summary>
internal sealed record ViaGroup(Guid Id, string DisplayName);

/// <summary>A user to whom a policy applies, and all the reasons for it.</summary>
/// <param name="Direct">The policy names the user itself.</param>
internal sealed record Member(
    Guid UserId, string UserName, string? DisplayName, IReadOnlyList<ViaGroup> ViaGroups, bool Direct, NamedDirectory? ViaDirectory, bool Everyone);

/// <summary>A policy that applies to a user, and all the reasons for it.</summary>
internal sealed record AppliedPolicy(
    Guid Id, string Name, PolicyKind Kind, PolicyAction Action, int Order,
    IReadOnlyList<ViaGroup> ViaGroups, bool Direct, NamedDirectory? ViaDirectory, bool Everyone);
