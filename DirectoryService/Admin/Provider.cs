using DirectoryService.Lifecycle;

namespace DirectoryService.Admin;

/// <summary>The kinds of identity providers, and the settings that a directory of each kind starts with.</summary>
/// <param name="Name">As the API and the database name it.</param>
/// <param name="Rule">Who wins when the directory and the console disagree.</param>
/// <param name="LookupReleases">Whether a look-up by name counts as the first step of an assignment.</param>
internal sealed record Provider(string Name, ConflictRule Rule, bool LookupReleases)
{
    internal static readonly IReadOnlyList<Provider> All =
    [
        new("EntraId", ConflictRule.Override, false),
        new("Okta", ConflictRule.Preserve, true),
        new("OneLogin", ConflictRule.Preserve, false),
        new("Dts", ConflictRule.Preserve, false),
        new("Generic", ConflictRule.Preserve, false),
    ];

    internal static Provider? Find(string? name) => All.FirstOrDefault(provider => string.Equals(provider.Name, name, StringComparison.OrdinalIgnoreCase));
}
