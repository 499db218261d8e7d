using System.Reflection;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ServiceDefaults.OpenApi;

/// <summary>Descriptions of schemas and their properties, from the comments of the types.</summary>
internal static class SchemaText
{
    /// <summary>What the OpenAPI package writes beside a reference instead of into what it refers to.</summary>
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

    /// <summary>Numbers are read from strings too, but nobody should send them so; answers never have them so.</summary>
    private static void KeepToNumbers(OpenApiSchema schema)
    {
        if (schema.Type is not { } types || !types.HasFlag(JsonSchemaType.String)) return;
        if (!types.HasFlag(JsonSchemaType.Integer) && !types.HasFlag(JsonSchemaType.Number)) return;
        schema.Type = types & ~JsonSchemaType.String;
        schema.Pattern = null;
    }
}
