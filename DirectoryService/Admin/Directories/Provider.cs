using DirectoryService.Lifecycle;

namespace DirectoryService.Admin.Directories;

/// <summary>The kinds of identity providers and the default settings of a directory of each kind.</summary>
/// <param name="Name">Name in the API and the database.</param>
/// <param name="Rule">Which side wins when the directory and the console disagree.</param>
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
