using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Applies PATCH operations whose path has a value filter: <c>emails[type eq "work"].value</c>.</summary>
internal sealed class ValueFilterPatch(ValueNormalizer values, LeniencyPolicy tolerance)
{
    internal void Apply(JsonObject container, PatchPath path, Filter filter, FlattenedOperation operation)
    {
        var attribute = path.Attribute.Attribute!;
        var matching = MultiValuedAttributes.Elements(container, attribute).Where(element => FilterMatcher.Matches(filter, element)).ToList();
        if (operation.Verb == PatchVerb.Remove) Remove(container, attribute, path.FilteredSub, matching);
        else
        {
            if (matching.Count == 0) matching.Add(Create(container, attribute, filter));
            foreach (var element in matching) Assign(attribute, path.FilteredSub, element, operation);
        }
        MultiValuedAttributes.RemoveEmpty(container, attribute);
    }

    private void Assign(AttributeDefinition attribute, AttributeDefinition? sub, JsonObject element, FlattenedOperation operation)
    {
        var raw = operation.Value;
        if (sub is not null)
        {
            if (values.Normalize(sub, raw) is { } value) PatchApplier.Assign(element, sub, value);
            else if (operation.Verb == PatchVerb.Replace) element.Remove(sub.Name);
        }
        else if (raw is JsonArray)
            throw ScimException.InvalidValue($"The filter says which values of '{attribute.Name}' are changed, so the value is one object, not an array. Without a filter an array adds values, or replaces all.");
        else if (raw is not null && values.NormalizeOne(attribute, raw) is JsonObject complex) PatchApplier.Merge(element, complex);
        else throw ScimException.InvalidValue($"'{attribute.Name}' with a filter needs an object as its value.");
    }

    private static void Remove(JsonObject container, AttributeDefinition attribute, AttributeDefinition? sub, List<JsonObject> matching)
    {
        foreach (var element in matching)
        {
            if (sub is not null) element.Remove(sub.Name);
            else ((JsonArray)container[attribute.Name]!).Remove(element);
        }
    }

    /// <summary>
    /// Handles a filter that matches nothing: noTarget by RFC 7644 §3.5.2.3, unless a leniency creates a matching element.
    /// </summary>
    private JsonObject Create(JsonObject container, AttributeDefinition attribute, Filter filter)
    {
        var element = tolerance.MissingElement(attribute, filter)
            ?? throw ScimException.NoTarget($"No value of '{attribute.Name}' satisfies the filter of the path, so there is nothing to change.");
        if (container[attribute.Name] is not JsonArray elements) container[attribute.Name] = elements = [];
        elements.Add(element);
        return element;
    }
}
