using System.Text.Json.Nodes;

namespace DirectoryService.OpenApi;

/// <summary>A SCIM operation, as a row of the table in <see cref="OperationTable"/>.</summary>
internal sealed record OperationDefinition(string Method, string Path, string Id, string Tag, string Summary)
{
    public string? Description { get; init; }

    /// <summary>Names of <see cref="ParameterDefinitions"/>.</summary>
    public string[] Takes { get; init; } = [];

    /// <summary>Name of the schema of the request body.</summary>
    public string? Body { get; init; }

    /// <summary>Names of files in <c>Examples/</c>.</summary>
    public string[] Examples { get; init; } = [];

    public required IReadOnlyList<ResponseDefinition> Answers { get; init; }

    /// <summary>The scimTypes of the 400 response.</summary>
    public string[] ScimTypes { get; init; } = [];

    /// <summary>Error statuses besides those that every operation has.</summary>
    public string[] Refused { get; init; } = [];

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["operationId"] = Id, ["tags"] = new JsonArray(Tag), ["summary"] = Summary };
        if (Description is not null) json["description"] = Description;
        if (Takes.Length > 0) json["parameters"] = new JsonArray([.. Takes.Select(name => ScimDocument.Ref("parameters", name))]);
        if (Body is not null)
        {
            var content = new JsonObject { ["schema"] = ScimDocument.Ref("schemas", Body) };
            if (Examples.Length > 0) content["examples"] = new JsonObject(Examples.Select(name => KeyValuePair.Create(name, (JsonNode?)Example(name))));
            json["requestBody"] = new JsonObject { ["required"] = true, ["content"] = new JsonObject { [OperationTable.MediaType] = content } };
        }
        string[] more = Body is null ? Refused : [.. Refused, "413", "415"];
        json["responses"] = new JsonObject([.. Answers.Select(answer => KeyValuePair.Create(answer.Status, (JsonNode?)answer.ToJson())), .. ErrorResponseDefinitions.Of(ScimTypes, more)]);
        return json;
    }

    /// <summary>A file of <c>Examples/</c>: <c>{ summary, value }</c>.</summary>
    private static JsonNode Example(string name)
    {
        using var file = typeof(OperationDefinition).Assembly.GetManifestResourceStream($"DirectoryService.OpenApi.Examples.{name}.json")
            ?? throw new InvalidOperationException($"There is no example {name}.");
        return JsonNode.Parse(file)!;
    }
}

/// <summary>A success response.</summary>
/// <param name="Schema">Name of the schema of its body; null for no body.</param>
internal sealed record ResponseDefinition(string Status, string Description, string? Schema = null, bool HasVersion = false, bool HasLocation = false)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["description"] = Description };
        var headers = new JsonObject();
        if (HasVersion) headers.Add(ErrorResponseDefinitions.Header("ETag", "The version, weak: the same as `meta.version`."));
        if (HasLocation) headers.Add(ErrorResponseDefinitions.Header("Location", "The same as `meta.location`."));
        if (headers.Count > 0) json["headers"] = headers;
        if (Schema is not null) json["content"] = new JsonObject { [OperationTable.MediaType] = new JsonObject { ["schema"] = ScimDocument.Ref("schemas", Schema) } };
        return json;
    }
}
