using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Messages;

/// <summary>RFC 7644 §3.4.2. Counters are integers: Okta insists.</summary>
/// <param name="Resources">Each writes itself.</param>
/// <param name="StartIndex">Null for a page by cursor, which has none (RFC 9865 §2).</param>
public sealed record ListResponse(
    IReadOnlyList<Action<Utf8JsonWriter>> Resources, long TotalResults, int? StartIndex, string? NextCursor = null, string? PreviousCursor = null)
{
    public static ListResponse Of(IEnumerable<JsonObject> all)
    {
        IReadOnlyList<Action<Utf8JsonWriter>> resources = [.. all.Select(one => (Action<Utf8JsonWriter>)(json => one.WriteTo(json)))];
        return new(resources, resources.Count, 1);
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("schemas");
        json.WriteStringValue(Urns.ListResponse);
        json.WriteEndArray();
        json.WriteNumber("totalResults", TotalResults);
        if (StartIndex is { } start) json.WriteNumber("startIndex", start);
        json.WriteNumber("itemsPerPage", Resources.Count);
        if (NextCursor is not null) json.WriteString("nextCursor", NextCursor);
        if (PreviousCursor is not null) json.WriteString("previousCursor", PreviousCursor);
        json.WriteStartArray(nameof(Resources));
        foreach (var write in Resources) write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
