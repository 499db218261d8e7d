using System.Text.Json.Nodes;

namespace DirectoryService.OpenApi;

/// <summary>
/// The OpenAPI document of the SCIM API: resources from the schemas of <c>/Schemas</c>, limits from the code that enforces
/// them, operations from <see cref="OperationTable"/>. The gateway serves it at <c>/openapi/scim.json</c>.
/// </summary>
internal static class ScimDocument
{
    private const string Path = "/internal/openapi/scim.json";
    internal const string Bearer = "bearer";

    private const string Text = """
        SCIM 2.0 (RFC 7643, RFC 7644) with cursor paging (RFC 9865): how an identity provider brings users and groups here.

        - **Where**: each directory has a base URL and tokens of its own; the console and `GET /api/v1/directories` show the URL. `account` and `directory` are the two ids in it.
        - **Who**: `Authorization: Bearer scim_…`, a token of that directory. It alone decides what is seen: ids of another directory answer 404.
        - **Forms**: `application/scim+json`; `application/json` is taken too. Names of attributes compare without case; null, `[]` and absent are the same; answers have no nulls.
        - **Errors** have the SCIM form: `detail` says what to do, `scimType` is the word of the RFC.
        - **What identity providers do** in ways of their own, such as Entra ID's `"False"` for false, is taken as it is meant.
        """;

    private static readonly Lazy<byte[]> Json = new(() => System.Text.Encoding.UTF8.GetBytes(Create().ToJsonString()));

    internal static void MapScimDocument(this WebApplication app) =>
        app.MapGet(Path, () => TypedResults.Bytes(Json.Value, "application/json")).AllowAnonymous();

    internal static JsonObject Create() => new()
    {
        ["openapi"] = "3.1.1",
        ["info"] = new JsonObject { ["title"] = "SCIM 2.0", ["version"] = "v2", ["description"] = Text },
        ["servers"] = new JsonArray(new JsonObject
        {
            ["url"] = "/scim/v2/{account}/{directory}",
            ["description"] = "The base URL of one directory.",
            ["variables"] = new JsonObject
            {
                ["account"] = Variable("The account's id, a UUID."),
                ["directory"] = Variable("The directory's id, a UUID."),
            },
        }),
        ["security"] = new JsonArray(new JsonObject { [Bearer] = new JsonArray() }),
        ["tags"] = new JsonArray(
            Tag("Users", "Users of the directory."),
            Tag("Groups", "Groups and their members, who are users; nested groups are not supported."),
            Tag("Search", "Users and groups in one list, and searches whose filter is not part of the address."),
            Tag("Bulk", "Many writes in one request."),
            Tag("Discovery", "What this service offers.")),
        ["paths"] = OperationTable.Paths(),
        ["components"] = new JsonObject
        {
            ["schemas"] = new JsonObject([.. ResourceSchemas.All(), .. MessageSchemas.All().Select(schema => KeyValuePair.Create(schema.Key, schema.Value?.DeepClone()))]),
            ["parameters"] = ParameterDefinitions.All(),
            ["responses"] = ErrorResponseDefinitions.Shared(),
            ["securitySchemes"] = new JsonObject
            {
                [Bearer] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "A token of the directory (`scim_…`)." },
            },
        },
    };

    internal static JsonObject Ref(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static JsonObject Variable(string description) =>
        new() { ["default"] = Guid.Empty.ToString(), ["description"] = description };

    private static JsonObject Tag(string name, string description) => new() { ["name"] = name, ["description"] = description };
}
