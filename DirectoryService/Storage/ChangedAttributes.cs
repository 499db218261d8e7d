using System.Text.Json.Nodes;

namespace DirectoryService.Storage;

/// <summary>The names (not values) of the attributes that a write changed, for the timeline.</summary>
internal static class ChangedAttributes
{
    internal static JsonArray Between(JsonObject before, JsonObject after) => new(
        [.. before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key))
            .Where(name => !JsonNode.DeepEquals(before[name], after[name]))
            .Order(StringComparer.Ordinal).Select(name => (JsonNode)name)]);
}
