using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IdpSimulator.Providers.Entra;
using IdpSimulator.Providers.Okta;
using IdpSimulator.Providers.Rfc;
using IdpSimulator.Tenants;

namespace IdpSimulator.Tests.Providers;

/// <summary>Each body equals its file in Shapes/, which spells what the vendor documents or was seen to send.</summary>
public sealed class ShapesTests
{
    private readonly TenantUser jane = new()
    {
        ExternalId = "00u1", UserName = "jane@example.com", GivenName = "Jane", FamilyName = "Doe", Department = "Sales", ScimId = "id-1",
    };

    private readonly TenantUser john = new()
    {
        ExternalId = "00u2", UserName = "john@example.com", GivenName = "John", FamilyName = "Doe", Department = "Sales", ScimId = "id-2",
    };

    private readonly TenantGroup team = new() { ExternalId = "g1", DisplayName = "Sales", ScimId = "id-g" };

    public static TheoryData<string> Names => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Providers", "Shapes"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_body_is_as_the_vendor_sends_it(string name)
    {
        var expected = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Providers", "Shapes", name + ".json")));
        var actual = Shape(name);
        Assert.True(JsonNode.DeepEquals(expected, actual), $"{name}: {actual}");
    }

    private JsonObject Shape(string name) => name switch
    {
        "entra-create-user" => EntraShapes.CreateUser(jane),
        "entra-create-group" => EntraShapes.CreateGroup(team),
        "entra-default-disable" => EntraPatches.Active(EntraDialect.Default, false),
        "entra-2020-disable" => EntraPatches.Active(EntraDialect.Optscim2020, false),
        "entra-default-profile" => EntraPatches.Profile(EntraDialect.Default, jane),
        "entra-2020-profile" => EntraPatches.Profile(EntraDialect.Optscim2020, jane),
        "entra-default-add-members" => EntraPatches.AddMembers(EntraDialect.Default, [jane, john]),
        "entra-default-remove-members" => EntraPatches.RemoveMembers(EntraDialect.Default, [jane]),
        "entra-2020-remove-members" => EntraPatches.RemoveMembers(EntraDialect.Optscim2020, [jane, john]),
        "entra-2020-rename-group" => EntraPatches.GroupName(EntraDialect.Optscim2020, team),
        "okta-create-user" => WithoutPassword(OktaShapes.CreateUser(jane)),
        "okta-deactivate" => OktaShapes.ActivePatch(false),
        "okta-put-profile" => OktaShapes.Merge(JsonNode.Parse("""{"id":"id-1","active":false,"title":"CEO","userName":"old","meta":{"version":"W/\"1\""}}""")!.AsObject(), jane),
        "okta-rename-group" => OktaShapes.NamePatch(team),
        "okta-move-members" => OktaShapes.MembersPatch([jane], [john]),
        "rfc-put-user" => RfcShapes.User(jane, active: false),
        "jumpcloud-profile" => RfcShapes.ProfilePatch(jane),
        "jumpcloud-disable" => RfcShapes.ActivePatch(false),
        "onelogin-remove-member" => RfcShapes.MembersPatch([], [jane]),
        "onelogin-create-group" => RfcShapes.Group(team, members: null),
        "dts-put-group" => RfcShapes.Group(team, [jane, john]),
        _ => throw new ArgumentException($"{name}.json has no shape here; add it to the switch."),
    };

    private static JsonObject WithoutPassword(JsonObject user)
    {
        Assert.Matches(new Regex("^Placeholder-"), user["password"]!.GetValue<string>());
        user["password"] = "…";
        return user;
    }
}
