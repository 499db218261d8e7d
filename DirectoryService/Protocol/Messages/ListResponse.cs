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

    /// <summary>RFC 9865 §2: a page by cursor has no startIndex.</summary>
    public static JsonObject ByCursor(IEnumerable<JsonObject> resources, long totalResults, string? next, string? previous)
    {
        var response = Of(resources, totalResults, 1);
        response.Remove("startIndex");
        if (next is not null) response["nextCursor"] = next;
        if (previous is not null) response["previousCursor"] = previous;
        return response;
    }
}
