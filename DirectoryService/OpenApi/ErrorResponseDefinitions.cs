using System.Text.Json.Nodes;

namespace DirectoryService.OpenApi;

/// <summary>Error responses of RFC 7644 §3.12, including those of the gateway.</summary>
internal static class ErrorResponseDefinitions
{
    /// <summary>All scimTypes for which <see cref="Protocol.ScimException"/> has a factory.</summary>
    internal static readonly string[] ScimTypes =
    [
        "invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue",
        "invalidCursor", "expiredCursor", "invalidCount",
    ];

    internal static readonly string[] OfReading = ["invalidValue"];
    internal static readonly string[] OfList = ["invalidFilter", "tooMany", "invalidPath", "invalidValue", "invalidCursor", "expiredCursor", "invalidCount"];
    internal static readonly string[] OfSearch = ["invalidSyntax", .. OfList];
    internal static readonly string[] OfWriting = ["invalidSyntax", "invalidValue", "mutability"];
    internal static readonly string[] OfPatch = [.. OfWriting, "invalidPath", "noTarget", "invalidFilter"];

    /// <summary>Error statuses that every operation can have.</summary>
    private static readonly string[] Always = ["401", "404", "429", "500", "502", "503", "504"];

    /// <summary>Shared response components that operations refer to.</summary>
    internal static JsonObject Shared()
    {
        var shared = new JsonObject
        {
            ["401"] = Error("The token is missing, wrong, expired or revoked.", Header("WWW-Authenticate", "`Bearer`.")),
            ["403"] = Error("Discovery takes no filter."),
            ["404"] = Error("There is no such resource in the directory, or no such directory for this token."),
            ["409"] = Error("The name is taken (`uniqueness`).", scimTypes: ["uniqueness"]),
            ["412"] = Error("The resource has another version than the one in If-Match."),
            ["413"] = Error("The body is larger than the limit, which `detail` names. Nothing was changed."),
            ["415"] = Error("The body is no `application/scim+json` (or `application/json`)."),
            ["429"] = Error("Too many requests with this token. Nothing was changed.", Header("Retry-After", "Seconds to wait, a whole number.")),
            ["500"] = Error("The service failed. The request may or may not have been carried out."),
            ["501"] = Error("Not offered."),
            ["502"] = Error("The connection broke before an answer came: the request may or may not have been carried out."),
            ["503"] = Error("Not available at the moment. `detail` says whether something may have been changed.", Header("Retry-After", "Seconds to wait, a whole number.")),
            ["504"] = Error("No answer in time: the request may or may not have been carried out."),
        };
        return new JsonObject(shared.Select(response => KeyValuePair.Create(Name(response.Key), response.Value?.DeepClone())));
    }

    /// <param name="scimTypes">scimTypes of the 400 response; empty for no 400.</param>
    /// <param name="more">Statuses besides those that every operation has.</param>
    internal static IEnumerable<KeyValuePair<string, JsonNode?>> Of(string[] scimTypes, params string[] more)
    {
        if (scimTypes.Length > 0)
            yield return new("400", Error($"Not valid; `scimType` says how: {string.Join(", ", scimTypes.Select(type => $"`{type}`"))}.", scimTypes: scimTypes));
        foreach (var status in Always.Concat(more).Order(StringComparer.Ordinal)) yield return new(status, ScimDocument.Ref("responses", Name(status)));
    }

    private static string Name(string status) => "Error" + status;

    private static JsonObject Error(string description, KeyValuePair<string, JsonNode?>? header = null, string[]? scimTypes = null)
    {
        var schema = ScimDocument.Ref("schemas", "Error");
        if (scimTypes is not null)
        {
            schema = new JsonObject
            {
                ["allOf"] = new JsonArray(schema, new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { ["scimType"] = new JsonObject { ["enum"] = new JsonArray([.. scimTypes.Select(type => (JsonNode)type)]) } },
                }),
            };
        }
        var response = new JsonObject { ["description"] = description, ["content"] = new JsonObject { [OperationTable.MediaType] = new JsonObject { ["schema"] = schema } } };
        if (header is { } one) response["headers"] = new JsonObject([one]);
        return response;
    }

    internal static KeyValuePair<string, JsonNode?> Header(string name, string description) =>
        new(name, new JsonObject { ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } });
}
