using System.Text.Json.Nodes;
using ScimGateway.Docs;
using Testing;

namespace ScimGateway.Tests.Docs;

public sealed class ApiDocumentTests
{
    private const string Users = """
        {
          "paths": { "/api/v1/users": { "get": { "tags": ["Users"], "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/List" } } } } } } } },
          "components": {
            "schemas": {
              "List": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } },
              "Item": { "type": "object", "properties": { "userName": { "type": "string" } } },
              "Problem": { "type": "object" }
            },
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } }
          }
        }
        """;

    private const string Pools = """
        {
          "paths": { "/api/v1/licenses": { "get": { "tags": ["Licenses"], "responses": { "200": { "description": "", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/List" } } } } } } } },
          "components": {
            "schemas": {
              "List": { "type": "array", "items": { "$ref": "#/components/schemas/Item" } },
              "Item": { "type": "object", "properties": { "seats": { "type": "integer" } } },
              "Problem": { "type": "object" }
            }
          }
        }
        """;

    [Fact]
    public void The_parts_become_one_valid_document()
    {
        var document = ApiDescription.Parse(Merge(Part("directory", Users), Part("license", Pools)).ToJsonString());
        Assert.Equal(["/api/v1/licenses", "/api/v1/users"], document.Paths.Keys);
        Assert.Equal(["Licenses", "Users"], document.Tags!.Select(tag => tag.Name));
        Assert.Contains("bearer", document.Components!.SecuritySchemes!.Keys);
    }

    [Fact]
    public void Schemas_of_one_name_that_differ_stay_apart_and_so_do_those_that_refer_to_them()
    {
        var merged = Merge(Part("directory", Users), Part("license", Pools));
        var schemas = merged["components"]!["schemas"]!.AsObject();
        Assert.Equal(["Item", "LicenseItem", "LicenseList", "List", "Problem"], schemas.Select(schema => schema.Key).Order(StringComparer.Ordinal));
        Assert.Equal("#/components/schemas/LicenseItem", schemas["LicenseList"]!["items"]!["$ref"]!.GetValue<string>());
        Assert.Equal("#/components/schemas/LicenseList", Answer(merged, "/api/v1/licenses"));
        Assert.Equal("#/components/schemas/List", Answer(merged, "/api/v1/users"));
    }

    [Fact]
    public void Two_services_may_serve_methods_of_one_path()
    {
        var writes = Users.Replace("\"get\"", "\"post\"", StringComparison.Ordinal);
        var merged = Merge(Part("directory", Users), Part("policy", writes));
        Assert.Equal(["get", "post"], merged["paths"]!["/api/v1/users"]!.AsObject().Select(operation => operation.Key));
    }

    [Fact]
    public void A_service_that_is_away_is_named_and_its_last_part_stays()
    {
        var merged = Merge(new ServiceDocument("directory", JsonNode.Parse(Users)!.AsObject(), IsAway: true), new ServiceDocument("license", null, IsAway: true), Part("policy", Pools));
        Assert.Equal("""["directory","license"]""", merged["x-away"]!.ToJsonString());
        var text = merged["info"]!["description"]!.GetValue<string>();
        Assert.Contains("`license` does not answer at the moment: its part is missing", text, StringComparison.Ordinal);
        Assert.Contains("`directory` does not answer at the moment: its part is shown as it last was", text, StringComparison.Ordinal);
        Assert.Equal(2, ApiDescription.Parse(merged.ToJsonString()).Paths.Count);
    }

    private static ServiceDocument Part(string service, string json) => new(service, JsonNode.Parse(json)!.AsObject(), IsAway: false);

    private static JsonObject Merge(params ServiceDocument[] parts) => ApiDocument.Merge(parts);

    private static string Answer(JsonObject document, string path) =>
        document["paths"]![path]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!.GetValue<string>();
}
