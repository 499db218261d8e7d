namespace IdpSimulator.Expectations;

/// <summary>
/// Where a user must stand in the service after all that the provider sent and the console did: three facts, and what
/// follows from them. Written from the documents, not from the service's code, so that one can be checked by the other.
/// </summary>
public sealed record ExpectedUserState
{
    public bool IdpActive { get; init; }
    public bool ConsoleDisabled { get; init; }
    public bool ConsoleDeleted { get; init; }
    /// <summary>The provider has let go of the user since the console acted.</summary>
    public bool Released { get; init; }
    public bool Removed { get; init; }
    /// <summary>The provider looked the user up by name, and has written nothing since.</summary>
    public bool LookedUp { get; init; }

    /// <summary>As SCIM shows it.</summary>
    public bool Active => IdpActive && !HeldBack && !Removed;

    /// <summary>By the console.</summary>
    public bool HeldBack => ConsoleDisabled || ConsoleDeleted;

    /// <summary>As the console names it.</summary>
    public string Status => this switch
    {
        { Removed: true } => "removed",
        { ConsoleDeleted: true } => "deleted",
        { ConsoleDisabled: true } => "disabled",
        { IdpActive: false } => "unassigned",
        _ => "active",
    };
}
