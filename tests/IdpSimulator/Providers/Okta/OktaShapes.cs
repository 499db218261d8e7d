using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Providers.Okta;

/// <summary>The bodies that Okta sends.</summary>
internal static class OktaShapes
{
    /// <summary>With a placeholder password, which a service drops.</summary>
    public static JsonObject CreateUser(TenantUser user) => new()
    {
        ["schemas"] = new JsonArray(ScimUrn.User),
        ["userName"] = user.UserName,
        ["name"] = Name(user),
        ["emails"] = Emails(user),
        ["displayName"] = user.DisplayName,
        ["locale"] = "en-US",
        ["externalId"] = user.ExternalId,
        ["groups"] = new JsonArray(),
        ["password"] = "Placeholder-" + Guid.NewGuid().ToString("N"),
        ["active"] = true,
    };

    /// <summary>
    /// Okta's data laid over what it has just read: attributes that it does not own go back as they came, <c>active</c>
    /// and the read-only ones included.
    /// </summary>
    public static JsonObject Merge(JsonObject read, TenantUser user)
    {
        var merged = (JsonObject)read.DeepClone();
        merged["userName"] = user.UserName;
        merged["name"] = Name(user);
        merged["emails"] = Emails(user);
        merged["displayName"] = user.DisplayName;
        merged["externalId"] = user.ExternalId;
        return merged;
    }

    public static JsonObject WithActive(JsonObject read, bool active)
    {
        var changed = (JsonObject)read.DeepClone();
        changed["active"] = active;
        return changed;
    }

    public static JsonObject ActivePatch(bool active) =>
        Patch.Body(Patch.Operation("replace", null, new JsonObject { ["active"] = active }));

    public static JsonObject Group(TenantGroup group, IEnumerable<TenantUser> members) => new()
    {
        ["schemas"] = new JsonArray(ScimUrn.Group),
        ["displayName"] = group.DisplayName,
        ["members"] = Members(members),
    };

    public static JsonObject NamePatch(TenantGroup group) =>
        Patch.Body(Patch.Operation("replace", null, new JsonObject { ["id"] = ProviderExpectations.ScimId(group), ["displayName"] = group.DisplayName }));

    public static JsonObject MembersPatch(IReadOnlyCollection<TenantUser> add, IReadOnlyCollection<TenantUser> remove)
    {
        var operations = remove.Select(user => Patch.Operation("remove", $"members[value eq \"{ProviderExpectations.ScimId(user)}\"]", null)).ToList();
        if (add.Count > 0) operations.Add(Patch.Operation("add", "members", Members(add)));
        return Patch.Body(operations);
    }

    private static JsonObject Name(TenantUser user) => new() { ["givenName"] = user.GivenName, ["familyName"] = user.FamilyName };

    private static JsonArray Emails(TenantUser user) => new(new JsonObject { ["primary"] = true, ["value"] = user.Email, ["type"] = "work" });

    private static JsonArray Members(IEnumerable<TenantUser> users) =>
        new([.. users.Select(user => new JsonObject { ["value"] = ProviderExpectations.ScimId(user), ["display"] = user.UserName })]);
}
