using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ServiceDefaults.OpenApi;

/// <summary>Sets the descriptions of schemas and properties from XML comments.</summary>
internal static class SchemaDescriptions
{
    /// <summary>
    /// Metadata key for a description that the OpenAPI package writes next to a $ref instead of into the referenced schema.
    /// </summary>
    private const string BesideReference = "x-ref-description";
    private const string ReferenceId = "x-schema-id";

    internal static Task AddAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        KeepToNumbers(schema);
        if (context.JsonPropertyInfo is { AttributeProvider: PropertyInfo property })
        {
            if (XmlComments.Summary(property) is not { } text) return Task.CompletedTask;
            if (schema.Metadata?.TryGetValue(ReferenceId, out var id) == true && id is string { Length: > 0 }) schema.Metadata[BesideReference] = text;
            else schema.Description = text;
        }
        else if (context.JsonPropertyInfo is null && context.ParameterDescription is null)
        {
            schema.Description ??= XmlComments.Summary(context.JsonTypeInfo.Type);
        }
        return Task.CompletedTask;
    }

    /// <summary>
    /// Removes "string" from number types: the serializer accepts numbers in strings, but clients should not send them and
    /// responses never have them.
    /// </summary>
    private static void KeepToNumbers(OpenApiSchema schema)
    {
        if (schema.Type is not { } types || !types.HasFlag(JsonSchemaType.String)) return;
        if (!types.HasFlag(JsonSchemaType.Integer) && !types.HasFlag(JsonSchemaType.Number)) return;
        schema.Type = types & ~JsonSchemaType.String;
        schema.Pattern = null;
    }
}
