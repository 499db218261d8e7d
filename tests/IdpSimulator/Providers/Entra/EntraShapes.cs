using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Entra;

/// <summary>The bodies that Entra ID sends when it creates.</summary>
internal static class EntraShapes
{
    public static JsonObject CreateUser(TenantUser user) => new()
    {
        ["schemas"] = new JsonArray(ScimUrn.User, ScimUrn.EnterpriseUser),
        ["externalId"] = user.ExternalId,
        ["userName"] = user.UserName,
        ["active"] = true,
        ["displayName"] = user.DisplayName,
        ["emails"] = new JsonArray(new JsonObject { ["primary"] = true, ["type"] = "work", ["value"] = user.Email }),
        ["meta"] = new JsonObject { ["resourceType"] = "User" },
        ["name"] = new JsonObject { ["formatted"] = user.DisplayName, ["familyName"] = user.FamilyName, ["givenName"] = user.GivenName },
        ["roles"] = new JsonArray(),
        ["title"] = null,
        [ScimUrn.EnterpriseUser] = new JsonObject { ["department"] = user.Department },
    };

    /// <summary>Whether SCIM shows another profile than the tenant has.</summary>
    public static bool Differs(JsonObject seen, TenantUser user) =>
        seen["displayName"]?.ToString() != user.DisplayName
        || seen["userName"]?.ToString() != user.UserName
        || seen["name"]?["givenName"]?.ToString() != user.GivenName
        || seen["name"]?["familyName"]?.ToString() != user.FamilyName
        || seen[ScimUrn.EnterpriseUser]?["department"]?.ToString() != user.Department;

    /// <summary>Never with members: those follow as PATCH.</summary>
    public static JsonObject CreateGroup(TenantGroup group) => new()
    {
        ["schemas"] = new JsonArray(ScimUrn.Group, ScimUrn.EntraGroup),
        ["externalId"] = group.ExternalId,
        ["displayName"] = group.DisplayName,
        ["meta"] = new JsonObject { ["resourceType"] = "Group" },
    };
}
