using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.OpenApi;

/// <summary>JSON Schemas of resources, generated from the same definitions as <c>/Schemas</c>.</summary>
internal static class ResourceSchemas
{
    private static readonly ResourceSchema[] Types = [ResourceSchema.User, ResourceSchema.Group];

    internal static IEnumerable<KeyValuePair<string, JsonNode?>> All()
    {
        foreach (var type in Types)
        {
            yield return new(type.Name, Resource(type));
            foreach (var extension in type.Extensions)
                yield return new(extension.Name, Object(extension.Description, extension.Attributes));
        }
    }

    private static JsonObject Resource(ResourceSchema type)
    {
        var schema = Object($"{type.Core.Description} (`{type.Core.Id}`).", [.. ResourceSchema.Common, .. type.Core.Attributes]);
        var properties = schema["properties"]!.AsObject();
        foreach (var extension in type.Extensions) properties[extension.Id] = ScimDocument.Ref("schemas", extension.Name);
        properties["schemas"]!["description"] = "The URNs of what is in the resource.";
        properties["schemas"]!["examples"] = new JsonArray(new JsonArray([type.Core.Id, .. type.Extensions.Select(extension => (JsonNode)extension.Id)]));
        schema["required"]!.AsArray().Insert(0, "schemas");
        return schema;
    }

    private static JsonObject Object(string description, IReadOnlyList<AttributeDefinition> attributes)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["description"] = description,
            ["properties"] = new JsonObject([.. attributes.Select(attribute => KeyValuePair.Create(attribute.Name, (JsonNode?)Attribute(attribute)))]),
        };
        schema["required"] = new JsonArray([.. attributes.Where(attribute => attribute.Required).Select(attribute => (JsonNode)attribute.Name)]);
        return schema;
    }

    private static JsonObject Attribute(AttributeDefinition attribute)
    {
        var value = Value(attribute);
        var schema = attribute.MultiValued ? new JsonObject { ["type"] = "array", ["items"] = value } : value;
        if (attribute.Description.Length > 0) schema["description"] = attribute.Description;
        if (attribute.Mutability == Mutability.ReadOnly) schema["readOnly"] = true;
        if (attribute.Mutability == Mutability.WriteOnly) schema["writeOnly"] = true;
        schema["x-scim"] = Characteristics(attribute);
        return schema;
    }

    private static JsonObject Value(AttributeDefinition attribute)
    {
        if (attribute.Type == AttributeType.Complex)
        {
            var complex = Object("", attribute.SubAttributes);
            complex.Remove("description");
            if (complex["required"]!.AsArray().Count == 0) complex.Remove("required");
            return complex;
        }
        var (type, format) = attribute.Type switch
        {
            AttributeType.String => ("string", null),
            AttributeType.Boolean => ("boolean", null),
            AttributeType.Decimal => ("number", null),
            AttributeType.Integer => ("integer", null),
            AttributeType.DateTime => ("string", "date-time"),
            AttributeType.Binary => ("string", "byte"),
            AttributeType.Reference => ("string", "uri-reference"),
            AttributeType.Complex => ("object", null),
        };
        var schema = new JsonObject { ["type"] = type };
        if (format is not null) schema["format"] = format;
        // Canonical values are suggestions (RFC 7643 §2.4), so they are examples and not an enum.
        if (attribute.CanonicalValues.Count > 0) schema["examples"] = new JsonArray([.. attribute.CanonicalValues.Select(one => (JsonNode)one)]);
        return schema;
    }

    /// <summary>Attribute characteristics that JSON Schema cannot express (RFC 7643 §2.2), with the names of <c>/Schemas</c>.</summary>
    private static JsonObject Characteristics(AttributeDefinition attribute)
    {
        var json = new JsonObject { ["mutability"] = Camel(attribute.Mutability.ToString()), ["returned"] = Camel(attribute.Returned.ToString()) };
        if (attribute.Type != AttributeType.Complex) json["uniqueness"] = attribute.Unique ? "server" : "none";
        if (attribute.Type is AttributeType.String or AttributeType.Reference or AttributeType.Binary) json["caseExact"] = attribute.CaseExact;
        return json;
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
