using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;

namespace DirectoryService.Lists;

/// <summary>
/// The sort key of a resource (RFC 7644 §3.4.2.3): its primary value, otherwise its first; resources without a value are last
/// in ascending order. Equal keys keep the default order.
/// </summary>
internal readonly record struct SortKey(string? Text, decimal Number, bool Descending, int Order) : IComparable<SortKey>
{
    internal static SortKey Of(AttributePath path, JsonObject shown, bool descending, int order)
    {
        if (path.IsAbsent) return new(null, 0, descending, order);
        var value = Primary(path, shown) ?? FilterMatcher.Values(path, shown).FirstOrDefault();
        if (value is JsonObject complex) value = complex["value"] ?? complex["formatted"];
        return value?.GetValueKind() switch
        {
            JsonValueKind.Number => new("", NumberOf(value), descending, order),
            JsonValueKind.True or JsonValueKind.False => new("", value.GetValue<bool>() ? 1 : 0, descending, order),
            JsonValueKind.String => new(path.Leaf is { CaseExact: true } ? value.GetValue<string>() : ScimText.Canonical(value.GetValue<string>()), 0, descending, order),
            _ => new(null, 0, descending, order),
        };
    }

    public int CompareTo(SortKey other) => CompareValues(other) is var values and not 0 ? values : Order.CompareTo(other.Order);

    /// <summary>Compares only the values, for resources of two types.</summary>
    internal int CompareValues(SortKey other)
    {
        var ascending = (Text, other.Text) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            _ => string.CompareOrdinal(Text, other.Text) is var text and not 0 ? text : Number.CompareTo(other.Number),
        };
        return Descending ? -ascending : ascending;
    }

    /// <summary>Extensions may hold what no decimal can; beyond its ends one number is as far out as another.</summary>
    private static decimal NumberOf(JsonNode value) =>
        value.AsValue().TryGetValue(out decimal exact) ? exact : value.GetValue<double>() > 0 ? decimal.MaxValue : decimal.MinValue;

    private static JsonNode? Primary(AttributePath path, JsonObject shown)
    {
        if (path.IsForeign) return FilterMatcher.Values(path, shown).OfType<JsonObject>().FirstOrDefault(element => element["primary"]?.GetValueKind() == JsonValueKind.True);
        if (path.Attribute is not { MultiValued: true } || path.Extension is not null) return null;
        var primary = (shown[path.Attribute.Name] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(element => element["primary"]?.GetValueKind() == JsonValueKind.True);
        return path.Sub is null ? primary?["value"] : primary?[path.Sub.Name];
    }
}
