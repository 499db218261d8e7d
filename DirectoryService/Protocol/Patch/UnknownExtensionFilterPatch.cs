using System.Text.Json.Nodes;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Paths;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Applies PATCH operations whose path has a value filter, in an extension without a schema:
/// <c>urn:…:User:things[type eq "a"].value</c>. An array holds several values; an object is a single value.
/// </summary>
internal static class UnknownExtensionFilterPatch
{
    /// <param name="names">The path from the extension's URN to the filtered attribute.</param>
    /// <param name="value">The value of the operation, without nulls.</param>
    internal static void Apply(JsonObject document, IReadOnlyList<string> names, Filter filter, FlattenedOperation operation, JsonNode? value)
    {
        if (names.Count == 1) throw ScimException.InvalidPath($"'{names[0]}' is an extension, so it takes no filter in [ ]; name an attribute of it.");
        if (Owner(document, names) is not { } container || UnknownExtensionPath.Find(container, names[^1]) is not (var name, { } present))
        {
            if (operation.Verb != PatchVerb.Remove) throw NoTarget(operation);
            return;
        }
        var elements = present as JsonArray ?? [present.DeepClone()];
        var matching = Enumerable.Range(0, elements.Count).Where(n => FilterMatcher.Matches(filter, UnknownExtensionPath.Element(elements[n]!))).ToList();
        if (matching.Count == 0 && operation.Verb != PatchVerb.Remove) throw NoTarget(operation);
        foreach (var n in matching) elements[n] = Changed(elements[n]!, operation, value);
        foreach (var n in matching.AsEnumerable().Reverse())
            if (elements[n] is null or JsonObject { Count: 0 }) elements.RemoveAt(n);
        if (elements.Count == 0) container.Remove(name);
        else if (present is not JsonArray) container[name] = elements[0]!.DeepClone();
    }

    /// <summary>Returns the changed element, or null when it is removed.</summary>
    private static JsonNode? Changed(JsonNode element, FlattenedOperation operation, JsonNode? value)
    {
        var (verb, sub) = (operation.Verb, operation.Path.FilteredSub?.Name);
        // A plain value is addressed as `value`.
        if (element is not JsonObject)
        {
            if (sub is not null && !Schemas.AttributeDefinition.NameEquals(sub, "value")) throw ScimException.InvalidPath($"The values of '{operation.Path.Attribute}' have no '{sub}'.");
            return verb == PatchVerb.Remove || (value is null && verb == PatchVerb.Replace) ? null : (value ?? element).DeepClone();
        }
        if (sub is null && verb == PatchVerb.Remove) return null;
        var changed = element.DeepClone().AsObject();
        if (sub is not null) UnknownExtensionPatch.Set(changed, sub, verb, value);
        else if (value is JsonObject members)
            foreach (var (name, inner) in members) UnknownExtensionPatch.Set(changed, name, PatchVerb.Replace, inner);
        else throw ScimException.InvalidValue($"'{operation.Path.Attribute}' with a filter needs an object as its value.");
        return changed;
    }

    /// <summary>Finds the object that contains the attribute, or null.</summary>
    private static JsonObject? Owner(JsonObject document, IReadOnlyList<string> names) =>
        names.SkipLast(1).Aggregate((JsonObject?)document, (container, name) => container is null ? null : UnknownExtensionPath.Find(container, name).Value as JsonObject);

    private static ScimException NoTarget(FlattenedOperation operation) =>
        ScimException.NoTarget($"No value of '{operation.Path.Attribute}' satisfies the filter of the path, so there is nothing to change.");
}
