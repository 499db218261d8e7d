namespace IdpSimulator.Expectations;

/// <summary>Where a group must stand in the service; the same for every provider.</summary>
public sealed record ExpectedGroupState
{
    public bool ConsoleDisabled { get; init; }
    public bool ConsoleDeleted { get; init; }
    public bool Removed { get; init; }

    /// <summary>SCIM finds it.</summary>
    public bool Visible => !ConsoleDeleted && !Removed;

    /// <summary>As the console names it; only a live group counts in policies.</summary>
    public string Status => this switch
    {
        { Removed: true } => "removed",
        { ConsoleDeleted: true } => "deleted",
        { ConsoleDisabled: true } => "disabled",
        _ => "live",
    };

    /// <summary>Posted, for the first time or again: a console disable stays on it.</summary>
    public static ExpectedGroupState Posted(ExpectedGroupState? before) => new() { ConsoleDisabled = before?.ConsoleDisabled ?? false };
}
