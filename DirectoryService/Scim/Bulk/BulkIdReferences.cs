using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Scim.Bulk;

/// <summary><c>bulkId:NAME</c> in data and paths (RFC 7644 §3.7.2): finds references and replaces them by ids, or removes unresolved ones.</summary>
internal static class BulkIdReferences
{
    private const string Prefix = "bulkId:";

    /// <summary>All bulkIds that the data refers to.</summary>
    internal static IEnumerable<string> In(JsonNode? data) => data switch
    {
        JsonObject complex => complex.SelectMany(pair => In(pair.Value)),
        JsonArray array => array.SelectMany(In),
        _ => Name(data) is { } name ? [name] : [],
    };

    internal static string? Name(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is var text && text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? text[Prefix.Length..] : null;

    /// <summary>A copy with bulkIds replaced by ids. An unresolved reference is removed with its complex value.</summary>
    internal static JsonNode? Resolve(JsonNode? data, IReadOnlyDictionary<string, string> ids)
    {
        switch (data)
        {
            case JsonObject complex:
                var kept = new JsonObject();
                foreach (var (name, value) in complex)
                {
                    if (Name(value) is { } reference && !ids.ContainsKey(reference)) return null;
                    kept[name] = Resolve(value, ids);
                }
                return kept;
            case JsonArray array:
                return new JsonArray([.. array.Select(element => Resolve(element, ids)).Where(element => element is not null)]);
            default:
                return Name(data) is not { } wanted ? data?.DeepClone() : ids.TryGetValue(wanted, out var id) ? id : null;
        }
    }
}
