namespace PolicyService.Policies;

/// <summary>The complete definition of a policy by an admin.</summary>
/// <param name="Order">Null places the policy last.</param>
internal sealed record PolicyDefinition(
    string Name, string NameKey, PolicyKind Kind, PolicyAction Action, bool Enabled, int? Order, bool Everyone, IReadOnlySet<DefinitionTerm> Terms)
{
    internal static readonly PolicyDefinition New = new("", "", PolicyKind.Access, PolicyAction.Allow, true, null, false, new HashSet<DefinitionTerm>());

    /// <summary>The first subject that is both a source and an exclusion; such a definition is refused.</summary>
    internal DefinitionTerm? Contradiction() => Terms.FirstOrDefault(term => !term.Excluded && Terms.Contains(term with { Excluded = true }));

    internal bool SameAs(PolicyDefinition other) => this with { Terms = other.Terms } == other && Terms.SetEquals(other.Terms);
}

/// <summary>A subject that a policy names.</summary>
internal sealed record DefinitionTerm(Subject Subject, Guid Id, bool Excluded);
