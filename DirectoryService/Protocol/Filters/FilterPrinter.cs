using System.Text.Encodings.Web;
using System.Text.Json;

namespace DirectoryService.Protocol.Filters;

/// <summary>Prints a filter in the syntax of RFC 7644 §3.4.2.2 with the fewest brackets; parsing the text gives the same filter.</summary>
public static class FilterPrinter
{
    private static readonly JsonSerializerOptions Strings = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Print(Filter filter) => filter switch
    {
        // Operators of one kind are left-associative.
        Filter.Or or => $"{Print(or.Left)} or {(or.Right is Filter.Or ? Grouped(or.Right) : Print(or.Right))}",
        Filter.And and => $"{(and.Left is Filter.Or ? Grouped(and.Left) : Print(and.Left))} and {(and.Right is Filter.Or or Filter.And ? Grouped(and.Right) : Print(and.Right))}",
        Filter.Not not => $"not {Grouped(not.Inner)}",
        Filter.Present present => $"{present.Path} pr",
        Filter.ValuePath path => $"{path.Path}[{Print(path.Inner)}]",
        Filter.Compare compare => $"{compare.Path} {Name(compare.Operator)} {Literal(compare.Value)}",
        _ => throw new InvalidOperationException($"Unknown filter {filter.GetType().Name}."),
    };

    private static string Grouped(Filter filter) => $"({Print(filter)})";

    private static string Name(CompareOperator comparison) => comparison.ToString().ToLowerInvariant();

    private static string Literal(FilterValue value) => value.Kind switch
    {
        FilterValueKind.String => JsonSerializer.Serialize(value.Text, Strings),
        FilterValueKind.Null => "null",
        FilterValueKind.Boolean or FilterValueKind.Number or FilterValueKind.Word => value.Text,
        _ => throw new InvalidOperationException($"Unknown kind {value.Kind}."),
    };
}
