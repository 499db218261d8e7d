using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Scim.Bulk;

/// <summary>One operation of a Bulk request.</summary>
/// <param name="Collection">The resource type of the path; null when the path has no writable one.</param>
/// <param name="Target">The id or <c>bulkId:NAME</c> after the collection; null for a POST.</param>
internal sealed record BulkOperation(string Method, string Path, ResourceSchema? Collection, string? Target, string? BulkId, string? Version, JsonNode? Data)
{
    internal static BulkOperation Read(JsonNode? node)
    {
        if (node is not JsonObject operation) throw ScimException.InvalidSyntax("Each of \"Operations\" must be an object with method and path.");
        var path = Text("path") ?? "";
        var parts = path.Trim('/').Split('/');
        var collection = parts[0] switch { "Users" => ResourceSchema.User, "Groups" => ResourceSchema.Group, _ => null };
        return new((Text("method") ?? "").ToUpperInvariant(), path, parts.Length > 2 ? null : collection, parts.Length == 2 ? parts[1] : null,
            Text("bulkId"), Text("version"), Find("data"));

        string? Text(string name) => Find(name) switch
        {
            null => null,
            var value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            _ => throw ScimException.InvalidSyntax($"\"{name}\" of an operation must be a string."),
        };

        JsonNode? Find(string name) => operation.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, name)).Value;
    }

    /// <summary>The bulkIds that must be resolved before this operation can run.</summary>
    internal IEnumerable<string> Needs => BulkIdReferences.In(Data).Concat(BulkIdReferences.In(Target));
}
