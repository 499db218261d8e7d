using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Leniencies;

/// <summary>
/// Entra ID replaces (or adds to) an element that does not exist yet; the element is created.
/// <code>
/// {"op":"Replace","path":"emails[type eq \"work\"].value","value":"ada@example.com"}
/// {"op":"Add","path":"roles[primary eq \"True\"].value","value":"{\"id\":\"…\"}"}
/// </code>
/// Only elements with a canonical <c>type</c> or <c>primary</c> are created; any other filter is noTarget (RFC 7644 §3.5.2.3),
/// and so is every filter of other providers.
/// </summary>
internal static class ReplaceOfMissingElement
{
    internal static JsonObject? Make(AttributeDefinition attribute, Filter filter)
    {
        var element = new JsonObject();
        if (!Fill(filter, element)) return null;
        LeniencyRegistry.RecordUse(nameof(ReplaceOfMissingElement));
        return element;
    }

    private static bool Fill(Filter filter, JsonObject element) => filter switch
    {
        Filter.And and => Fill(and.Left, element) && Fill(and.Right, element),
        Filter.Compare { Operator: CompareOperator.Eq, Path.Attribute: { Name: "primary" }, Value: { Kind: FilterValueKind.Boolean } value } =>
            element.TryAdd("primary", value.Text == "true"),
        Filter.Compare { Operator: CompareOperator.Eq, Path.Attribute: { Name: "type" } type, Value: { Kind: FilterValueKind.String } value } =>
            type.CanonicalValues.FirstOrDefault(canonical => AttributeDefinition.NameEquals(canonical, value.Text)) is { } known && element.TryAdd("type", known),
        _ => false,
    };
}
