using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Schemas;

/// <summary>Converts a schema to its representation at <c>/Schemas</c> (RFC 7643 §7).</summary>
public static class SchemaDocument
{
    public static JsonObject Of(Schema schema, string baseUrl) => new()
    {
        ["schemas"] = new JsonArray(Urns.Schema),
        ["id"] = schema.Id,
        ["name"] = schema.Name,
        ["description"] = schema.Description,
        ["attributes"] = Attributes(schema.Attributes),
        ["meta"] = new JsonObject { ["resourceType"] = "Schema", ["location"] = $"{baseUrl}/Schemas/{schema.Id}" },
    };

    private static JsonArray Attributes(IEnumerable<AttributeDefinition> attributes) => new([.. attributes.Select(Attribute)]);

    private static JsonObject Attribute(AttributeDefinition attribute)
    {
        var json = new JsonObject
        {
            ["name"] = attribute.Name,
            ["type"] = Camel(attribute.Type.ToString()),
            ["multiValued"] = attribute.MultiValued,
            ["description"] = attribute.Description,
            ["required"] = attribute.Required,
            ["mutability"] = Camel(attribute.Mutability.ToString()),
            ["returned"] = Camel(attribute.Returned.ToString()),
            ["uniqueness"] = attribute.Unique ? "server" : "none",
        };
        if (attribute.Type == AttributeType.Complex) json["subAttributes"] = Attributes(attribute.SubAttributes);
        if (attribute.Type is AttributeType.String or AttributeType.Reference or AttributeType.Binary) json["caseExact"] = attribute.CaseExact;
        if (attribute.CanonicalValues.Count > 0) json["canonicalValues"] = new JsonArray([.. attribute.CanonicalValues.Select(value => (JsonNode)value)]);
        if (attribute.ReferenceTypes.Count > 0) json["referenceTypes"] = new JsonArray([.. attribute.ReferenceTypes.Select(value => (JsonNode)value)]);
        return json;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
