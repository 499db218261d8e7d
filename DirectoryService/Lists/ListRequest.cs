using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;

namespace DirectoryService.Lists;

/// <summary>
/// The parameters of a list request, from a query string or a SearchRequest body (RFC 7644 §3.4.2 and §3.4.3).
/// </summary>
internal sealed record ListRequest(
    string? FilterText, string? SortBy, string? SortOrder, string? StartIndexText, string? CountText, string? CursorText, string? Attributes, string? ExcludedAttributes)
{
    /// <summary>Largest number of resources on a page, as advertised in ServiceProviderConfig.</summary>
    internal const int MaxCount = 200;
    internal const int DefaultCount = 100;

    /// <summary>
    /// Whether it is a search over users and groups; an attribute of only one type has no value in the other (RFC 7644
    /// §3.4.2.1).
    /// </summary>
    internal bool AtRoot { get; init; }

    /// <summary>startIndex below 1 is 1, count below 0 is 0 (RFC 7644 §3.4.2.4).</summary>
    internal long StartIndex => (long)BigInteger.Clamp(Number("startIndex", StartIndexText, 1), 1, long.MaxValue);

    /// <summary>Number of resources before the page, limited to a value larger than any directory.</summary>
    internal int Offset => (int)Math.Min(StartIndex - 1, int.MaxValue / 2);

    internal int Count => (int)BigInteger.Clamp(Number("count", CountText, DefaultCount), 0, MaxCount);

    /// <summary>An empty cursor asks for the first page by cursor (RFC 9865 §2).</summary>
    internal bool ByCursor => CursorText is not null;

    internal bool Descending => SortOrder?.ToUpperInvariant() switch
    {
        null or "" or "ASCENDING" => false,
        "DESCENDING" => true,
        _ => throw ScimException.InvalidValue("\"sortOrder\" is \"ascending\" or \"descending\"."),
    };

    internal static ListRequest OfQuery(HttpContext http)
    {
        var query = http.Request.Query;
        return new(Text("filter"), Text("sortBy"), Text("sortOrder"), Text("startIndex"), Text("count"),
            query.TryGetValue("cursor", out var cursor) ? cursor.ToString() : null, Text("attributes"), Text("excludedAttributes"));

        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
    }

    internal static async Task<ListRequest> OfBodyAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var body = await ScimBody.ReadAsync(http.Request, cancellationToken);
        if (body["schemas"] is JsonArray schemas && !schemas.Any(schema => schema?.ToString() == Urns.SearchRequest))
            throw ScimException.InvalidSyntax($"A search has the schema {Urns.SearchRequest}.");
        return new(Text("filter"), Text("sortBy"), Text("sortOrder"), Text("startIndex"), Text("count"), Text("cursor"), List("attributes"), List("excludedAttributes"));

        string? Text(string name) => Find(name) switch
        {
            null => null,
            JsonValue value when value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number => value.ToString(),
            _ => throw ScimException.InvalidSyntax($"\"{name}\" must be a string or a number."),
        };

        string? List(string name) => Find(name) switch
        {
            null => null,
            JsonArray names => string.Join(',', names.Select(one => one?.ToString())),
            var one => one.ToString(),
        };

        JsonNode? Find(string name) => body.FirstOrDefault(pair => AttributeDefinition.NameEquals(pair.Key, name)).Value;
    }

    internal AttributeProjection Projection(ResourceSchema resource) => DirectoryService.Protocol.Messages.AttributeProjection.Parse(resource, Attributes, ExcludedAttributes, LeniencyRegistry.All);

    internal Filter? Filter(ResourceSchema resource) => FilterText is null ? null : FilterParser.Parse(FilterText, resource, LeniencyRegistry.All, Other(resource));

    internal AttributePath? Sort(ResourceSchema resource) => SortBy is null ? null
        : PathResolver.TryResolveAmong(resource, Other(resource), SortBy, LeniencyRegistry.All) is { } path && (path.IsForeign || path.Leaf is not null)
            ? path.Leaf is { Returned: Returned.Never } ? throw ScimException.InvalidValue($"'{SortBy}' cannot be sorted by.") : path
            : throw ScimException.InvalidPath($"There is no attribute '{SortBy}' to sort by. See /Schemas for the attributes of this resource.");

    private ResourceSchema? Other(ResourceSchema resource) => !AtRoot ? null : resource == ResourceSchema.User ? ResourceSchema.Group : ResourceSchema.User;

    /// <summary>Parses an integer of any size.</summary>
    private BigInteger Number(string name, string? text, int missing)
    {
        if (text is null) return missing;
        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        throw ByCursor && name == "count"
            ? ScimException.InvalidCount($"\"count\" must be a whole number, at most {MaxCount}.")
            : ScimException.InvalidValue($"\"{name}\" must be a whole number.");
    }
}
