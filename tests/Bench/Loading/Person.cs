using System.Text.Json.Nodes;

namespace Bench.Loading;

/// <summary>A user with about what Entra ID sends for an employee: 1.5 kB of JSON.</summary>
internal static class Person
{
    private const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    internal static JsonObject Attributes(string userName, string externalId, string displayName) => new()
    {
        ["userName"] = userName,
        ["externalId"] = externalId,
        ["displayName"] = displayName,
        ["name"] = new JsonObject { ["givenName"] = "Person", ["familyName"] = displayName, ["formatted"] = displayName },
        ["title"] = "Senior Engineer for Network Access and Identity",
        ["preferredLanguage"] = "en-US",
        ["userType"] = "Employee",
        ["emails"] = new JsonArray(new JsonObject { ["type"] = "work", ["primary"] = true, ["value"] = userName }),
        ["phoneNumbers"] = new JsonArray(
            new JsonObject { ["type"] = "work", ["value"] = "+49 30 5550 1000" },
            new JsonObject { ["type"] = "mobile", ["value"] = "+49 170 5550 1000" },
            new JsonObject { ["type"] = "fax", ["value"] = "+49 30 5550 1001" }),
        ["addresses"] = new JsonArray(new JsonObject
        {
            ["type"] = "work",
            ["formatted"] = "Example Company, Identity and Access, Long Street of the Provisioners 1000, Building 7, Floor 12, 10115 Berlin, Germany",
            ["streetAddress"] = "Long Street of the Provisioners 1000, Building 7, Floor 12, Room 12.034",
            ["locality"] = "Berlin",
            ["region"] = "Berlin",
            ["postalCode"] = "10115",
            ["country"] = "DE",
        }),
        [Enterprise] = new JsonObject
        {
            ["employeeNumber"] = externalId,
            ["costCenter"] = "Cost center 4711, identity and access",
            ["organization"] = "Example Company, Berlin",
            ["division"] = "Infrastructure and Operations",
            ["department"] = "Identity and Access Management",
        },
    };

    /// <summary>Of its own for each user, and made without a tree: what the client spends, the system under test lacks.</summary>
    internal static string Body(string userName, string externalId) =>
        Template.Replace("{userName}", userName, StringComparison.Ordinal).Replace("{externalId}", externalId, StringComparison.Ordinal);

    private static readonly string Template = MakeTemplate();

    private static string MakeTemplate()
    {
        var body = Attributes("{userName}", "{externalId}", "{userName}");
        body["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:User", Enterprise);
        body["active"] = true;
        return body.ToJsonString();
    }
}
