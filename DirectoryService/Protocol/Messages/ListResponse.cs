using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Messages;

/// <summary>RFC 7644 §3.4.2. Counters are integers: Okta insists.</summary>
public static class ListResponse
{
    public static JsonObject Of(IEnumerable<JsonObject> resources, long totalResults, int startIndex)
    {
        var items = new JsonArray([.. resources]);
        return new JsonObject
        {
            ["schemas"] = new JsonArray(Urns.ListResponse),
            ["totalResults"] = totalResults,
            ["startIndex"] = startIndex,
            ["itemsPerPage"] = items.Count,
            ["Resources"] = items,
        };
    }

    /// <summary>The same for a list whose resources are written one after the other; <see cref="End"/> ends it.</summary>
    public static void Start(Utf8JsonWriter json, long totalResults, int startIndex, int itemsPerPage)
    {
        json.WriteStartObject();
        json.WriteStartArray("schemas");
        json.WriteStringValue(Urns.ListResponse);
        json.WriteEndArray();
        json.WriteNumber("totalResults", totalResults);
        json.WriteNumber("startIndex", startIndex);
        json.WriteNumber("itemsPerPage", itemsPerPage);
        json.WriteStartArray("Resources");
    }

    public static void End(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
