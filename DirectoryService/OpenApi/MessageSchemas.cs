using System.Text.Json.Nodes;
using DirectoryService.Lists;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Patch;
using DirectoryService.Scim.Bulk;

namespace DirectoryService.OpenApi;

/// <summary>JSON Schemas of the messages of RFC 7644 and of the discovery resources.</summary>
internal static class MessageSchemas
{
    internal static JsonObject All() => Parse($$"""
        {
          "ListResponse": {{List("""{ "oneOf": [{ "$ref": "#/components/schemas/User" }, { "$ref": "#/components/schemas/Group" }] }""")}},
          "UserList": {{List("""{ "$ref": "#/components/schemas/User" }""")}},
          "GroupList": {{List("""{ "$ref": "#/components/schemas/Group" }""")}},
          "SchemaList": {{List("""{ "$ref": "#/components/schemas/Schema" }""")}},
          "ResourceTypeList": {{List("""{ "$ref": "#/components/schemas/ResourceType" }""")}},
          "SearchRequest": {
            "type": "object", "description": "What a list takes in its address, as a body (RFC 7644 §3.4.3).",
            "properties": {
              "schemas": {{Urn(Urns.SearchRequest)}},
              "filter": { "type": "string", "maxLength": {{FilterLimits.Characters}} },
              "attributes": { "type": "array", "items": { "type": "string" } },
              "excludedAttributes": { "type": "array", "items": { "type": "string" } },
              "sortBy": { "type": "string" },
              "sortOrder": { "type": "string", "enum": ["ascending", "descending"] },
              "startIndex": { "type": "integer", "minimum": 1, "default": 1 },
              "count": { "type": "integer", "minimum": 0, "maximum": {{ListRequest.MaxCount}}, "default": {{ListRequest.DefaultCount}} },
              "cursor": { "type": "string" }
            },
            "required": ["schemas"]
          },
          "PatchOp": {
            "type": "object", "description": "Changes to a resource (RFC 7644 §3.5.2): all of them, or none.",
            "properties": {
              "schemas": {{Urn(Urns.PatchOp)}},
              "Operations": {
                "type": "array", "minItems": 1, "maxItems": {{PatchRequest.MaxOperations}},
                "items": {
                  "type": "object",
                  "properties": {
                    "op": { "type": "string", "description": "`add`, `replace` or `remove`; case does not count.", "examples": ["add", "replace", "remove"] },
                    "path": { "type": "string", "description": "What to change: `active`, `name.givenName`, `emails[type eq \"work\"].value`, `members[value eq \"…\"]`, or with a schema's URN before it. Needed by `remove`.", "examples": ["active"] },
                    "value": { "description": "Without a path: an object of attributes. One operation may carry any number of values." }
                  },
                  "required": ["op"]
                }
              }
            },
            "required": ["schemas", "Operations"]
          },
          "BulkRequest": {
            "type": "object", "description": "Writes to run one after the other (RFC 7644 §3.7); at most {{BulkEndpoints.MaxPayload}} bytes.",
            "properties": {
              "schemas": {{Urn(Urns.BulkRequest)}},
              "failOnErrors": { "type": "integer", "minimum": 1, "description": "How many may fail before the rest is left alone." },
              "Operations": {
                "type": "array", "minItems": 1, "maxItems": {{BulkEndpoints.MaxOperations}},
                "items": {
                  "type": "object",
                  "properties": {
                    "method": { "type": "string", "enum": ["POST", "PUT", "PATCH", "DELETE"] },
                    "bulkId": { "type": "string", "description": "A name of the client's for what a POST makes; others refer to it as `bulkId:NAME`, before or after." },
                    "version": { "type": "string", "description": "As If-Match." },
                    "path": { "type": "string", "examples": ["/Users", "/Groups/bulkId:sales"] },
                    "data": { "type": "object", "description": "The body of the single request." }
                  },
                  "required": ["method", "path"]
                }
              }
            },
            "required": ["schemas", "Operations"]
          },
          "BulkResponse": {
            "type": "object",
            "properties": {
              "schemas": {{Urn(Urns.BulkResponse)}},
              "Operations": {
                "type": "array",
                "items": {
                  "type": "object",
                  "properties": {
                    "method": { "type": "string" },
                    "bulkId": { "type": "string" },
                    "version": { "type": "string" },
                    "location": { "type": "string", "format": "uri" },
                    "status": { "type": "string", "examples": ["201"] },
                    "response": { "$ref": "#/components/schemas/Error", "description": "Of an operation that failed." }
                  },
                  "required": ["method", "status"]
                }
              }
            },
            "required": ["schemas", "Operations"]
          },
          "Error": {
            "type": "object", "description": "RFC 7644 §3.12.",
            "properties": {
              "schemas": {{Urn(Urns.Error)}},
              "status": { "type": "string", "description": "The HTTP status.", "examples": ["400"] },
              "scimType": { "type": "string", "enum": [{{string.Join(", ", ErrorResponseDefinitions.ScimTypes.Select(type => $"\"{type}\""))}}] },
              "detail": { "type": "string", "description": "What is wrong and what to do about it, for the identity provider's admin." }
            },
            "required": ["schemas", "status"]
          },
          "ServiceProviderConfig": {
            "type": "object", "description": "RFC 7643 §5, RFC 9865 §4.",
            "properties": {
              "schemas": {{Urn(Urns.ServiceProviderConfig)}},
              "patch": {{Supported()}}, "changePassword": {{Supported()}}, "sort": {{Supported()}}, "etag": {{Supported()}},
              "bulk": {{Supported("maxOperations", "maxPayloadSize")}},
              "filter": {{Supported("maxResults")}},
              "pagination": { "type": "object", "additionalProperties": true },
              "authenticationSchemes": { "type": "array", "items": { "type": "object", "additionalProperties": true } },
              "meta": {{Meta()}}
            },
            "required": ["schemas", "patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes"]
          },
          "ResourceType": {
            "type": "object", "description": "RFC 7643 §6.",
            "properties": {
              "schemas": {{Urn(Urns.ResourceType)}},
              "id": { "type": "string" }, "name": { "type": "string" }, "endpoint": { "type": "string" }, "schema": { "type": "string" },
              "schemaExtensions": { "type": "array", "items": { "type": "object", "properties": { "schema": { "type": "string" }, "required": { "type": "boolean" } } } },
              "meta": {{Meta()}}
            },
            "required": ["schemas", "name", "endpoint", "schema"]
          },
          "Schema": {
            "type": "object", "description": "RFC 7643 §7.",
            "properties": {
              "schemas": {{Urn(Urns.Schema)}},
              "id": { "type": "string" }, "name": { "type": "string" }, "description": { "type": "string" },
              "attributes": { "type": "array", "items": { "$ref": "#/components/schemas/SchemaAttribute" } },
              "meta": {{Meta()}}
            },
            "required": ["id", "attributes"]
          },
          "SchemaAttribute": {
            "type": "object",
            "properties": {
              "name": { "type": "string" }, "type": { "type": "string" }, "description": { "type": "string" },
              "multiValued": { "type": "boolean" }, "required": { "type": "boolean" }, "caseExact": { "type": "boolean" },
              "mutability": { "type": "string" }, "returned": { "type": "string" }, "uniqueness": { "type": "string" },
              "canonicalValues": { "type": "array", "items": { "type": "string" } },
              "referenceTypes": { "type": "array", "items": { "type": "string" } },
              "subAttributes": { "type": "array", "items": { "$ref": "#/components/schemas/SchemaAttribute" } }
            },
            "required": ["name", "type"]
          }
        }
        """);

    internal static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static string List(string items) => $$"""
        {
          "type": "object", "description": "RFC 7644 §3.4.2; pages by cursor: RFC 9865.",
          "properties": {
            "schemas": {{Urn(Urns.ListResponse)}},
            "totalResults": { "type": "integer", "description": "Of all pages together." },
            "startIndex": { "type": "integer", "description": "From 1; not in pages by cursor." },
            "itemsPerPage": { "type": "integer", "description": "How many are in this page; it can be less than was asked for before the last page too." },
            "nextCursor": { "type": "string" },
            "previousCursor": { "type": "string" },
            "Resources": { "type": "array", "items": {{items}} }
          },
          "required": ["schemas", "totalResults"]
        }
        """;

    private static string Urn(string urn) => $$"""{ "type": "array", "items": { "type": "string" }, "examples": [["{{urn}}"]] }""";

    private static string Supported(params string[] numbers) =>
        $$"""{ "type": "object", "properties": { "supported": { "type": "boolean" }{{string.Concat(numbers.Select(name => $$""", "{{name}}": { "type": "integer" }"""))}} }, "required": ["supported"] }""";

    private static string Meta() => """{ "type": "object", "properties": { "resourceType": { "type": "string" }, "location": { "type": "string", "format": "uri" } } }""";
}
