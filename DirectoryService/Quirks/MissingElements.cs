using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Quirks;

/// <summary>
/// Entra ID replaces (or adds to) an element before there is one, and means: make it.
/// <code>
/// {"op":"Replace","path":"emails[type eq \"work\"].value","value":"ada@example.com"}
/// {"op":"Add","path":"roles[primary eq \"True\"].value","value":"{\"id\":\"…\"}"}
/// </code>
/// Only what <c>type</c> and <c>primary</c> equal can be made; any other filter is noTarget (RFC 7644 §3.5.2.3).
/// </summary>
internal static class MissingElements
{
    internal static JsonObject? Make(AttributeDefinition attribute, Filter filter)
    {
        var element = new JsonObject();
        if (!Fill(filter, element)) return null;
        Leniencies.Used(nameof(MissingElements));
        return element;
    }

    private static bool Fill(Filter filter, JsonObject element) => filter switch
    {
        Filter.And and => Fill(and.Left, element) && Fill(and.Right, element),
        Filter.Compare { Operator: CompareOperator.Eq, Path.Attribute: { Name: "type" or "primary" } named } compare =>
            element.TryAdd(named.Name, named.Type != AttributeType.Boolean ? compare.Value.Text : compare.Value.Text.Equals("true", StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };
}
