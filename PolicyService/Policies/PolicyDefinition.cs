namespace PolicyService.Policies;

/// <summary>All that an admin says of a policy.</summary>
/// <param name="Order">Null: it shall come last.</param>
internal sealed record PolicyDefinition(
    string Name, string NameKey, PolicyKind Kind, PolicyAction Action, bool Enabled, int? Order, bool Everyone, IReadOnlySet<DefinedTerm> Terms)
{
    internal static readonly PolicyDefinition New = new("", "", PolicyKind.Access, PolicyAction.Allow, true, null, false, new HashSet<DefinedTerm>());

    /// <summary>A subject that is a source and an exclusion at once; there may be none.</summary>
    internal DefinedTerm? Contradiction() => Terms.FirstOrDefault(term => !term.Excluded && Terms.Contains(term with { Excluded = true }));

    internal bool SameAs(PolicyDefinition other) => this with { Terms = other.Terms } == other && Terms.SetEquals(other.Terms);
}

/// <summary>A subject that a policy names.</summary>
internal sealed record DefinedTerm(Subject Subject, Guid Id, bool Excluded);
