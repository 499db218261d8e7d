using System.Text.Json.Nodes;

namespace ScimGateway.Docs;

/// <summary>
/// Merges the OpenAPI documents of the services into one document of <c>/api/v1</c>. Different schemas with the same name get
/// the name of their service as a prefix.
/// </summary>
internal static class ApiDocument
{
    private const string Reference = "#/components/schemas/";

    private const string Text = """
        The API of admins and automation, one for all services of the system.

        - **Who**: `Authorization: Bearer prov_…`, an API key of the account. Its role (owner, admin or auditor) decides what it may do; each operation names the roles.
        - **Ids** are internal ids: they stay when an identity provider deletes and re-creates a user. SCIM ids are another thing.
        - **Lists** have `items`; where there is more, `next` is what to send as `after`.
        - **What was acknowledged counts**: licenses and policies follow the directory by messages, but what they say of a single user, group or directory is as the directory stands when it is asked. `upToDate: false`, or `Retry-After` with a refusal: the directory could not be asked, and nothing was recorded. Lists over many users follow within moments; `…/lag` tells how far they are behind.
        - **Errors** are problem details: `detail` says what to do, `reason` is a word for programs.
        """;

    public static JsonObject Merge(IReadOnlyList<ServiceDocument> parts)
    {
        var (paths, schemas, security, tags) = (new JsonObject(), new JsonObject(), new JsonObject(), new SortedSet<string>(StringComparer.Ordinal));
        foreach (var part in parts)
        {
            if (part.Document is null) continue;
            var document = Renamed(part.Service, part.Document, schemas);
            Add(document["components"]?["schemas"], schemas);
            Add(document["components"]?["securitySchemes"], security);
            foreach (var (path, item) in document["paths"]?.AsObject() ?? [])
            {
                if (paths[path] is not JsonObject operations) paths[path] = operations = [];
                Add(item, operations);
                tags.UnionWith(Tags(item));
            }
        }
        var away = parts.Where(part => part.IsAway).ToList();
        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject { ["title"] = "Admin API", ["version"] = "v1", ["description"] = string.Join("\n\n", [Text, .. away.Select(Notice)]) },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["name"] = tag })]),
            ["paths"] = new JsonObject(paths.OrderBy(path => path.Key, StringComparer.Ordinal).Select(path => KeyValuePair.Create(path.Key, path.Value?.DeepClone()))),
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = security },
        };
        if (away.Count > 0) merged["x-away"] = new JsonArray([.. away.Select(part => (JsonNode)part.Service)]);
        return merged;
    }

    private static string Notice(ServiceDocument part) => part.Document is null
        ? $"**The service `{part.Service}` does not answer at the moment: its part is missing here.**"
        : $"**The service `{part.Service}` does not answer at the moment: its part is shown as it last was.**";

    /// <summary>A copy of the document in which schemas that differ from one of the same name are renamed.</summary>
    private static JsonObject Renamed(string service, JsonObject document, JsonObject taken)
    {
        var own = document["components"]?["schemas"]?.AsObject() ?? [];
        var renamed = own.Where(schema => taken[schema.Key] is { } other && !JsonNode.DeepEquals(other, schema.Value)).Select(schema => schema.Key).ToHashSet(StringComparer.Ordinal);
        // A schema that refers to a renamed one differs too, even if its text is the same.
        while (own.Where(schema => taken.ContainsKey(schema.Key) && References(schema.Value).Any(renamed.Contains)).Any(schema => renamed.Add(schema.Key))) { }
        if (renamed.Count == 0) return document;

        var copy = document.DeepClone().AsObject();
        var schemas = copy["components"]!["schemas"]!.AsObject();
        foreach (var name in renamed)
        {
            schemas.Remove(name, out var schema);
            schemas[Own(name)] = schema;
        }
        Redirect(copy, name => renamed.Contains(name) ? Own(name) : name);
        return copy;

        string Own(string name) => char.ToUpperInvariant(service[0]) + service[1..] + name;
    }

    private static void Redirect(JsonNode? node, Func<string, string> name)
    {
        foreach (var holder in ReferenceObjects(node).ToList()) holder["$ref"] = Reference + name(Name(holder));
    }

    private static IEnumerable<string> References(JsonNode? node) => ReferenceObjects(node).Select(Name);

    private static string Name(JsonObject holder) => holder["$ref"]!.GetValue<string>()[Reference.Length..];

    /// <summary>Objects that refer to a schema.</summary>
    private static IEnumerable<JsonObject> ReferenceObjects(JsonNode? node) => node switch
    {
        JsonObject map => (map["$ref"] is JsonValue value && value.TryGetValue<string>(out var target) && target.StartsWith(Reference, StringComparison.Ordinal) ? [map] : Array.Empty<JsonObject>())
            .Concat(map.SelectMany(member => ReferenceObjects(member.Value))),
        JsonArray list => list.SelectMany(ReferenceObjects),
        _ => [],
    };

    private static void Add(JsonNode? from, JsonObject to)
    {
        foreach (var (name, value) in from?.AsObject() ?? [])
            if (!to.ContainsKey(name)) to[name] = value?.DeepClone();
    }

    private static IEnumerable<string> Tags(JsonNode? item) =>
        from operation in item?.AsObject() ?? []
        from tag in operation.Value is JsonObject described && described["tags"] is JsonArray tags ? tags : []
        select tag.GetValue<string>();
}
