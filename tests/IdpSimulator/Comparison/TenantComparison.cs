using System.Text.Json.Nodes;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Comparison;

/// <summary>Reads every user and group that the tenant has sent and lists what differs from what it believes.</summary>
public static class TenantComparison
{
    public static async Task<IReadOnlyList<Difference>> CompareAsync(Tenant tenant, ScimWire wire, CancellationToken cancellationToken)
    {
        var differences = new List<Difference>();
        foreach (var user in tenant.Users.Where(user => user.ScimId is not null))
            differences.AddRange(Of(user, (await wire.GetAsync($"Users/{user.ScimId}", cancellationToken)).Resource));
        foreach (var group in tenant.Groups.Where(group => group.ScimId is not null))
            differences.AddRange(Of(group, (await wire.GetAsync($"Groups/{group.ScimId}", cancellationToken)).Resource));
        return differences;
    }

    internal static IEnumerable<Difference> Of(TenantUser user, JsonObject scim) => Differing($"user {user.ScimId}",
    [
        ("id", user.ScimId, Text(scim["id"])),
        ("externalId", user.ExternalId, Text(scim["externalId"])),
        ("userName", user.UserName, Text(scim["userName"])),
        ("active", user.Active ? "true" : "false", Text(scim["active"])),
        ("displayName", user.DisplayName, Text(scim["displayName"])),
        ("name.givenName", user.GivenName, Text(scim["name"]?["givenName"])),
        ("name.familyName", user.FamilyName, Text(scim["name"]?["familyName"])),
        ("emails", user.Email, Text((scim["emails"] as JsonArray)?.FirstOrDefault()?["value"])),
    ]);

    internal static IEnumerable<Difference> Of(TenantGroup group, JsonObject scim)
    {
        var actual = (scim["members"] as JsonArray)?.Select(member => Text(member?["value"]) ?? "").ToHashSet(StringComparer.Ordinal) ?? [];
        var believed = group.Members.Select(member => member.ScimId!).ToHashSet(StringComparer.Ordinal);
        return Differing($"group {group.ScimId}",
        [
            ("displayName", group.DisplayName, Text(scim["displayName"])),
            .. believed.Except(actual).Select(id => ($"members[{id}]", (string?)"a member", (string?)null)),
            .. actual.Except(believed).Select(id => ($"members[{id}]", (string?)null, (string?)"a member")),
        ]);
    }

    private static IEnumerable<Difference> Differing(string resource, IEnumerable<(string Attribute, string? Believed, string? Actual)> values) =>
        values.Where(value => value.Believed != value.Actual).Select(value => new Difference(resource, value.Attribute, value.Believed, value.Actual));

    private static string? Text(JsonNode? node) => node?.ToString();
}
