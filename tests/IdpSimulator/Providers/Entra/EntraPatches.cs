using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Entra;

/// <summary>Entra ID's PATCH bodies, in both dialects.</summary>
internal static class EntraPatches
{
    private const string WorkEmail = "emails[type eq \"work\"].value";
    private const string Department = ScimUrn.EnterpriseUser + ":department";

    public static JsonObject Active(EntraDialect dialect, bool active) => dialect == EntraDialect.Default
        ? Patch.Body(Patch.Operation("Replace", "active", active ? "True" : "False"))
        : Patch.Body(Patch.Operation("replace", "active", active));

    public static JsonObject Profile(EntraDialect dialect, TenantUser user) => dialect == EntraDialect.Default
        ? Patch.Body(
            Patch.Operation("Replace", "displayName", user.DisplayName),
            Patch.Operation("Replace", "name.givenName", user.GivenName),
            Patch.Operation("Replace", "name.familyName", user.FamilyName),
            Patch.Operation("Replace", "name.formatted", user.DisplayName),
            Patch.Operation("Replace", "userName", user.UserName),
            Patch.Operation("Replace", WorkEmail, user.Email),
            Patch.Operation("Add", Department, user.Department))
        : Patch.Body(
            Patch.Operation("replace", WorkEmail, user.Email),
            Patch.Operation("replace", null, new JsonObject
            {
                ["displayName"] = user.DisplayName,
                ["name.givenName"] = user.GivenName,
                ["name.familyName"] = user.FamilyName,
                ["name.formatted"] = user.DisplayName,
                ["userName"] = user.UserName,
                [Department] = user.Department,
            }));

    public static JsonObject GroupName(EntraDialect dialect, TenantGroup group) => dialect == EntraDialect.Default
        ? Patch.Body(Patch.Operation("Replace", "displayName", group.DisplayName))
        : Patch.Body(Patch.Operation("replace", null, new JsonObject { ["displayName"] = group.DisplayName }));

    public static JsonObject AddMembers(EntraDialect dialect, IEnumerable<TenantUser> users) =>
        Patch.Body(Patch.Operation(dialect == EntraDialect.Default ? "Add" : "add", "members", Values(users)));

    public static JsonObject RemoveMembers(EntraDialect dialect, IEnumerable<TenantUser> users) => dialect == EntraDialect.Default
        ? Patch.Body(Patch.Operation("Remove", "members", Values(users)))
        : Patch.Body(users.Select(user => Patch.Operation("remove", $"members[value eq \"{ProviderExpectations.ScimId(user)}\"]", null)));

    private static JsonArray Values(IEnumerable<TenantUser> users) =>
        new([.. users.Select(user => new JsonObject { ["$ref"] = null, ["value"] = ProviderExpectations.ScimId(user) })]);
}
