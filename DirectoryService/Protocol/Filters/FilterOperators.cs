using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Filters;

/// <summary>The comparison operators, and for which attribute types each is valid.</summary>
internal static class FilterOperators
{
    internal static CompareOperator? TryParse(string text) => text.ToLowerInvariant() switch
    {
        "eq" => CompareOperator.Eq,
        "ne" => CompareOperator.Ne,
        "co" => CompareOperator.Co,
        "sw" => CompareOperator.Sw,
        "ew" => CompareOperator.Ew,
        "gt" => CompareOperator.Gt,
        "ge" => CompareOperator.Ge,
        "lt" => CompareOperator.Lt,
        "le" => CompareOperator.Le,
        _ => null,
    };

    /// <summary>
    /// Whether the operator compares a part of a value, which need not be a complete date: <c>meta.created sw "2026-11"</c>.
    /// </summary>
    private static bool IsPart(CompareOperator comparison) => comparison is CompareOperator.Co or CompareOperator.Sw or CompareOperator.Ew;

    /// <summary>Order comparisons of booleans and binaries are invalidFilter (RFC 7644 §3.4.2.2, Table 3).</summary>
    internal static void Check(AttributePath path, CompareOperator comparison, FilterValue value)
    {
        if (path.Leaf is { Returned: Returned.Never })
            throw ScimException.InvalidFilter($"'{path}' cannot be filtered on.");
        var ordering = comparison is CompareOperator.Gt or CompareOperator.Ge or CompareOperator.Lt or CompareOperator.Le;
        if (ordering && path.Leaf is { Type: AttributeType.Boolean or AttributeType.Binary })
            throw ScimException.InvalidFilter($"'{path}' has no order, so {comparison} cannot be asked of it.");
        if (value.Kind == FilterValueKind.Null && comparison is not (CompareOperator.Eq or CompareOperator.Ne))
            throw ScimException.InvalidFilter("null is compared by eq and ne only.");
        if (path.Leaf is { Type: AttributeType.DateTime } && value.Kind != FilterValueKind.Null && !IsPart(comparison)
            && (value.Kind != FilterValueKind.String || FilterDateTime.Parse(value.Text) is null))
            throw ScimException.InvalidFilter($"'{path}' is a date and time: compare it with one such as \"2026-11-28T09:30:00Z\", not with '{value.Text}'.");
        if (ordering && value.Kind == FilterValueKind.Boolean)
            throw ScimException.InvalidFilter($"{comparison} needs a string or a number.");
    }
}
