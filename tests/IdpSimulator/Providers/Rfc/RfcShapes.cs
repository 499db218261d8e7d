using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Rfc;

/// <summary>Plain RFC bodies.</summary>
internal static class RfcShapes
{
    private const string Department = ScimUrn.EnterpriseUser + ":department";

    /// <summary>The provider's own data as a whole, for POST and PUT.</summary>
    public static JsonObject User(TenantUser user, bool active)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrn.User, ScimUrn.EnterpriseUser),
            ["externalId"] = user.ExternalId,
            ["userName"] = user.UserName,
            ["name"] = new JsonObject { ["givenName"] = user.GivenName, ["familyName"] = user.FamilyName },
            ["displayName"] = user.DisplayName,
            ["emails"] = new JsonArray(new JsonObject { ["value"] = user.Email, ["type"] = "work", ["primary"] = true }),
            [ScimUrn.EnterpriseUser] = new JsonObject { ["department"] = user.Department },
            ["active"] = active,
        };
        if (user.ScimId is { } id) body["id"] = id;
        return body;
    }

    /// <summary>One operation per path.</summary>
    public static JsonObject ProfilePatch(TenantUser user) => Patch.Body(
        Patch.Operation("replace", "userName", user.UserName),
        Patch.Operation("replace", "name.givenName", user.GivenName),
        Patch.Operation("replace", "name.familyName", user.FamilyName),
        Patch.Operation("replace", "displayName", user.DisplayName),
        Patch.Operation("replace", "emails[type eq \"work\"].value", user.Email),
        Patch.Operation("replace", Department, user.Department));

    public static JsonObject ActivePatch(bool active) => Patch.Body(Patch.Operation("replace", "active", active));

    public static JsonObject Group(TenantGroup group, IEnumerable<TenantUser>? members)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray(ScimUrn.Group),
            ["externalId"] = group.ExternalId,
            ["displayName"] = group.DisplayName,
        };
        if (members is not null) body["members"] = Members(members);
        return body;
    }

    public static JsonObject NamePatch(TenantGroup group) => Patch.Body(Patch.Operation("replace", "displayName", group.DisplayName));

    /// <summary>Removes with a value list.</summary>
    public static JsonObject MembersPatch(IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove)
    {
        var operations = new List<JsonObject>();
        if (remove.Count > 0) operations.Add(Patch.Operation("remove", "members", Members(remove)));
        if (add.Count > 0) operations.Add(Patch.Operation("add", "members", Members(add)));
        return Patch.Body(operations);
    }

    private static JsonArray Members(IEnumerable<TenantUser> users) =>
        new([.. users.Select(user => new JsonObject { ["value"] = ProviderExpectations.ScimId(user) })]);
}
