namespace LicenseService.Rules;

/// <summary>The users to whom a rule gives a seat. System groups exist for licenses only (idp-behaviour.md §5).</summary>
internal enum RuleKind
{
    AllUsers,
    /// <summary>Every user who came from a directory.</summary>
    AllScimUsers,
    /// <summary>Every user who came from no directory.</summary>
    AllManualUsers,
    /// <summary>The members of one user group, while it is live.</summary>
    Group,
}
