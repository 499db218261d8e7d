namespace IdpSimulator.Expectations;

/// <summary>The settings of a directory, as its provider presets them.</summary>
/// <param name="Overrides">The directory wins over the console; else what the console did is preserved.</param>
/// <param name="LookupReleases">A look-up by name counts as the first step of an assignment.</param>
public sealed record DirectoryRule(bool Overrides, bool LookupReleases)
{
    public static DirectoryRule Entra { get; } = new(true, false);
    public static DirectoryRule Okta { get; } = new(false, true);
    public static DirectoryRule Others { get; } = new(false, false);
}
