using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>Operations whose path has a value filter: <c>emails[type eq "work"].value</c>.</summary>
internal static class FilteredPatch
{
    internal static void Apply(ValueNormalizer values, JsonObject container, PatchPath path, Filter filter, PathedOperation operation)
    {
        var attribute = path.Attribute.Attribute!;
        var matching = MultiValues.Elements(container, attribute).Where(element => FilterMatcher.Matches(filter, element)).ToList();
        if (operation.Verb == PatchVerb.Remove)
        {
            Remove(container, attribute, path.FilteredSub, matching);
            return;
        }
        if (matching.Count == 0) matching.Add(Create(container, attribute, filter));
        foreach (var element in matching) Assign(values, container, attribute, path.FilteredSub, element, operation.Value);
        RemoveEmpty(container, attribute);
    }

    private static void Assign(
        ValueNormalizer values, JsonObject container, AttributeDefinition attribute, AttributeDefinition? sub, JsonObject element, JsonNode? raw)
    {
        if (sub is not null) PatchApplier.Assign(element, sub, values.Normalize(sub, raw));
        else if (raw is not null && values.NormalizeOne(attribute, raw) is JsonObject complex)
        {
            if (MultiValues.IsPrimary(complex)) MultiValues.ClearPrimary((JsonArray)container[attribute.Name]!);
            PatchApplier.Merge(element, complex);
            return;
        }
        else throw ScimException.InvalidValue($"'{attribute.Name}' with a filter needs an object as its value.");
        if (sub.Name == "primary" && MultiValues.IsPrimary(element))
        {
            MultiValues.ClearPrimary((JsonArray)container[attribute.Name]!);
            element["primary"] = true;
        }
    }

    private static void Remove(JsonObject container, AttributeDefinition attribute, AttributeDefinition? sub, List<JsonObject> matching)
    {
        foreach (var element in matching)
        {
            if (sub is not null) element.Remove(sub.Name);
            else ((JsonArray)container[attribute.Name]!).Remove(element);
        }
        RemoveEmpty(container, attribute);
    }

    /// <summary>
    /// Nothing matches. Entra ID replaces <c>emails[type eq "work"].value</c> and <c>roles[primary eq "True"].value</c>
    /// before there is such an element and means: make it. Any other filter is noTarget (RFC 7644 §3.5.2.3).
    /// </summary>
    private static JsonObject Create(JsonObject container, AttributeDefinition attribute, Filter filter)
    {
        if (filter is not Filter.Compare { Operator: CompareOperator.Eq, Path.Attribute: { Name: "type" or "primary" } named } compare)
            throw ScimException.NoTarget($"No value of '{attribute.Name}' satisfies the filter of the path, so there is nothing to change.");
        var element = new JsonObject();
        element[named.Name] = named.Type == AttributeType.Boolean ? compare.Value.Text.Equals("true", StringComparison.OrdinalIgnoreCase) : compare.Value.Text;
        if (container[attribute.Name] is not JsonArray elements) container[attribute.Name] = elements = [];
        if (MultiValues.IsPrimary(element)) MultiValues.ClearPrimary(elements);
        elements.Add(element);
        return element;
    }

    /// <summary>An element that has lost its <c>value</c> and says nothing but its type is no value any more.</summary>
    private static void RemoveEmpty(JsonObject container, AttributeDefinition attribute)
    {
        if (container[attribute.Name] is not JsonArray elements) return;
        for (var i = elements.Count - 1; i >= 0; i--)
            if (elements[i] is JsonObject element && element.All(pair => pair.Key is "type" or "primary")) elements.RemoveAt(i);
        if (elements.Count == 0) container.Remove(attribute.Name);
    }
}
