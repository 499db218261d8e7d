using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Filters;

/// <summary>Evaluates a filter on a document in memory: for PATCH value filters, and as the reference for the SQL form.</summary>
public static class FilterMatcher
{
    /// <summary>Whether <paramref name="document"/> (a resource, or one element of a multi-valued attribute) satisfies the filter.</summary>
    public static bool Matches(Filter filter, JsonObject document) => filter switch
    {
        Filter.And and => Matches(and.Left, document) && Matches(and.Right, document),
        Filter.Or or => Matches(or.Left, document) || Matches(or.Right, document),
        Filter.Not not => !Matches(not.Inner, document),
        Filter.Present present => Values(present.Path, document).Any(IsPresent),
        Filter.ValuePath { Path.IsForeign: true } path => Values(path.Path, document).Any(element => Matches(path.Inner, UnknownExtensionPath.Element(element))),
        Filter.ValuePath path => Values(path.Path, document).OfType<JsonObject>().Any(element => Matches(path.Inner, element)),
        Filter.Compare compare => Compares(compare, [.. Values(compare.Path, document)]),
        _ => throw new InvalidOperationException($"Unknown filter {filter.GetType().Name}."),
    };

    /// <summary>Multi-valued: any value satisfies it. <c>ne</c> and <c>eq null</c> also hold where there is no value.</summary>
    private static bool Compares(Filter.Compare compare, IReadOnlyList<JsonNode> values)
    {
        if (compare.Value.Kind == FilterValueKind.Null)
            return (values.Count == 0) == (compare.Operator == CompareOperator.Eq);
        if (values.Count == 0) return compare.Operator == CompareOperator.Ne;
        return values.Any(value => ComparesOne(compare, value));
    }

    private static bool ComparesOne(Filter.Compare compare, JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => Equality(compare.Operator,
            string.Equals(value.GetValue<bool>() ? "true" : "false", compare.Value.Text, StringComparison.OrdinalIgnoreCase)),
        // Compared as double: numbers in extensions may exceed the range of decimal.
        JsonValueKind.Number when double.TryParse(compare.Value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
            Ordered(compare.Operator, value.GetValue<double>().CompareTo(number)),
        JsonValueKind.String => Strings(compare, value.GetValue<string>()),
        // A complex attribute compared as a whole is compared by its `value` (RFC 7644 §3.4.2.2).
        JsonValueKind.Object when ((JsonObject)value)["value"] is { } inner => ComparesOne(compare, inner),
        _ => false,
    };

    /// <summary>Compares strings by <c>caseExact</c>; without it in their canonical form, as in look-ups.</summary>
    private static bool Strings(Filter.Compare compare, string value)
    {
        var leaf = compare.Path.Leaf;
        if (leaf is { Type: AttributeType.DateTime } && FilterDateTime.Parse(value) is { } time && FilterDateTime.Parse(compare.Value.Text) is { } asked)
            return Ordered(compare.Operator, time.CompareTo(asked));
        var exact = leaf is { CaseExact: true };
        var held = exact ? value : ScimText.Canonical(value);
        return compare.Operator switch
        {
            CompareOperator.Co => held.Contains(Part(), StringComparison.Ordinal),
            CompareOperator.Sw => held.StartsWith(Part(), StringComparison.Ordinal),
            CompareOperator.Ew => held.EndsWith(Part(), StringComparison.Ordinal),
            _ => Ordered(compare.Operator, string.CompareOrdinal(held, exact ? compare.Value.Text : ScimText.Canonical(compare.Value.Text))),
        };

        string Part() => exact ? compare.Value.Text : ScimText.Fold(compare.Value.Text);
    }

    private static bool Equality(CompareOperator comparison, bool equal) => comparison switch
    {
        CompareOperator.Eq => equal,
        CompareOperator.Ne => !equal,
        _ => false,
    };

    private static bool Ordered(CompareOperator comparison, int order) => comparison switch
    {
        CompareOperator.Eq => order == 0,
        CompareOperator.Ne => order != 0,
        CompareOperator.Gt => order > 0,
        CompareOperator.Ge => order >= 0,
        CompareOperator.Lt => order < 0,
        CompareOperator.Le => order <= 0,
        _ => false,
    };

    private static bool IsPresent(JsonNode node) => node switch
    {
        JsonObject { Count: 0 } or JsonArray { Count: 0 } => false,
        _ => true,
    };

    /// <summary>All values that a path leads to; multi-valued attributes give each of theirs.</summary>
    public static IEnumerable<JsonNode> Values(AttributePath path, JsonObject document)
    {
        if (path.IsAbsent) return [];
        if (path.IsForeign) return UnknownExtensionPath.Values(document, path.Extension!);
        var container = path.Extension is null ? document : document[path.Extension] as JsonObject;
        if (path.Attribute is null) return container is null ? [] : [container];
        var values = Flatten(container?[path.Attribute.Name]);
        return path.Sub is null ? values : values.OfType<JsonObject>().SelectMany(element => Flatten(element[path.Sub.Name]));
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode? node) => node switch
    {
        null => [],
        JsonArray array => array.OfType<JsonNode>(),
        _ => [node],
    };
}
