using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;

namespace ServiceDefaults.OpenApi;

/// <summary>Names of schemas: the type's name, prefixed with the feature for nested types.</summary>
internal static class SchemaNames
{
    internal static string? Of(JsonTypeInfo type) => OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : Of(type.Type);

    private static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var name = type.Name.Split('`')[0];
        if (type.DeclaringType is { } feature) name = Feature(feature.Name, name) + name;
        return type.IsGenericType ? name + "Of" + string.Concat(type.GetGenericArguments().Select(Of)) : name;
    }

    /// <summary><c>DirectoryEndpoints.Created</c> is DirectoryCreated; <c>ApiKeyEndpoints.NewKey</c> is ApiKeyNewKey.</summary>
    private static string Feature(string declaring, string name)
    {
        foreach (var suffix in (string[])["Endpoints", "Table"])
            if (declaring.EndsWith(suffix, StringComparison.Ordinal)) declaring = declaring[..^suffix.Length];
        return name.Contains(declaring, StringComparison.Ordinal) ? "" : declaring;
    }
}
