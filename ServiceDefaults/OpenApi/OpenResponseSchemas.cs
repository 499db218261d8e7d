using Microsoft.OpenApi;

namespace ServiceDefaults.OpenApi;

/// <summary>
/// Sets additionalProperties of schemas: request bodies with unknown members are refused, so their schemas are closed;
/// responses may get new members in later versions, so their schemas are open.
/// </summary>
internal static class OpenResponseSchemas
{
    internal static void Open(OpenApiDocument document)
    {
        var sent = new HashSet<string>(StringComparer.Ordinal);
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations ?? []))
            foreach (var content in operation.Value.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>()) CollectReferences(content.Value.Schema, sent);
        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
            if (schema is OpenApiSchema own && !sent.Contains(name)) own.AdditionalPropertiesAllowed = true;
    }

    private static void CollectReferences(IOpenApiSchema? schema, HashSet<string> names)
    {
        if (schema is null || (schema is OpenApiSchemaReference { Reference.Id: { } id } && !names.Add(id))) return;
        foreach (var part in (IEnumerable<IOpenApiSchema?>)[.. schema.Properties?.Values ?? (IEnumerable<IOpenApiSchema>)[], schema.Items, .. schema.OneOf ?? [], .. schema.AnyOf ?? []]) CollectReferences(part, names);
    }
}
