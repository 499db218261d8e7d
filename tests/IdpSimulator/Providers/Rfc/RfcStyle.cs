using System.Net.Http.Headers;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Rfc;

/// <summary>How a provider that mostly keeps to the RFC writes.</summary>
/// <param name="Tests">What "test connection" reads.</param>
/// <param name="PatchesUsers">One operation per path; else a full PUT of its own data.</param>
/// <param name="PatchesActive">Activation and deactivation by PATCH; else within the full PUT.</param>
/// <param name="PostsMembers">A new group comes with its members; else they follow as PATCH.</param>
/// <param name="PutsGroups">Groups as a whole; else by PATCH.</param>
/// <param name="LeavesGroupsFirst">Before a suspension or a delete the user is taken out of every group.</param>
/// <param name="Deletes">Users that were deleted are DELETEd; else they are deactivated.</param>
/// <param name="ContentType">Of every body.</param>
internal sealed record RfcStyle(
    IReadOnlyList<string> Tests, bool PatchesUsers, bool PatchesActive, bool PostsMembers, bool PutsGroups, bool LeavesGroupsFirst, bool Deletes, string ContentType)
{
    public static RfcStyle OneLogin { get; } = new(
        ["Users?" + ScimFilter.Eq("userName", "nobody@example.invalid"), "Groups?count=100&startIndex=1"],
        PatchesUsers: false, PatchesActive: false, PostsMembers: false, PutsGroups: false, LeavesGroupsFirst: true, Deletes: true, "application/json");

    public static RfcStyle JumpCloud { get; } = new(
        ["Users?count=1&startIndex=1"],
        PatchesUsers: true, PatchesActive: true, PostsMembers: true, PutsGroups: false, LeavesGroupsFirst: false, Deletes: true, "application/scim+json");

    /// <summary>Its wire is not documented: an RFC client that uses both PUT and PATCH.</summary>
    public static RfcStyle Dts { get; } = new(
        ["ServiceProviderConfig", "Users?count=1"],
        PatchesUsers: false, PatchesActive: true, PostsMembers: true, PutsGroups: true, LeavesGroupsFirst: false, Deletes: false, "application/scim+json");

    public ScimDialect Wire() => new(UserAgent: null, new MediaTypeHeaderValue(ContentType));
}
