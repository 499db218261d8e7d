using System.Text.Json;
using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Messages;

/// <summary>The list response of RFC 7644 §3.4.2. Counters are integers, because Okta requires it.</summary>
/// <param name="Resources">Writers of the resources. They are asynchronous, because a large group is written while it is read.</param>
/// <param name="StartIndex">Null for a page by cursor, which has no startIndex (RFC 9865 §2).</param>
public sealed record ListResponse(
    IReadOnlyList<Func<Utf8JsonWriter, Task>> Resources, long TotalResults, long? StartIndex, string? NextCursor = null, string? PreviousCursor = null)
{
    public static ListResponse Of(IEnumerable<JsonObject> all)
    {
        IReadOnlyList<Func<Utf8JsonWriter, Task>> resources = [.. all.Select(one => AtOnce(json => one.WriteTo(json)))];
        return new(resources, resources.Count, 1);
    }

    /// <summary>A writer of a resource that is completely in memory.</summary>
    public static Func<Utf8JsonWriter, Task> AtOnce(Action<Utf8JsonWriter> write) => json =>
    {
        write(json);
        return Task.CompletedTask;
    };

    public async Task WriteToAsync(Utf8JsonWriter json)
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
        foreach (var write in Resources) await write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
