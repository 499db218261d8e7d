using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Applies PATCH operations to an extension without a schema. Arrays are treated as multi-valued attributes, objects as complex
/// ones.
/// </summary>
internal static class UnknownExtensionPatch
{
    internal static void Apply(JsonObject document, FlattenedOperation operation)
    {
        var (urn, names) = UnknownExtensionPath.In(document, operation.Path.Attribute.Extension!);
        var value = UnknownExtensionValues.Clean(operation.Value);
        if (operation.Path.ValueFilter is { } filter) UnknownExtensionFilterPatch.Apply(document, [urn, .. names], filter, operation, value);
        else if (names.Count == 0) ApplyToWhole(document, urn, operation.Verb, value);
        else ApplyWithin(document, [urn, .. names], operation.Verb, value);
        if (document[urn] is JsonObject { Count: 0 }) document.Remove(urn);
    }

    private static void ApplyToWhole(JsonObject document, string urn, PatchVerb verb, JsonNode? value)
    {
        if (verb == PatchVerb.Remove || (value is null && verb == PatchVerb.Replace)) document.Remove(urn);
        else if (value is JsonObject attributes)
            foreach (var (name, inner) in attributes) ApplyWithin(document, [urn, name], verb, inner);
        else if (value is not null) throw ScimException.InvalidValue($"'{urn}' must be an object.");
    }

    private static void ApplyWithin(JsonObject document, IReadOnlyList<string> names, PatchVerb verb, JsonNode? value)
    {
        var container = document;
        foreach (var step in names.SkipLast(1))
        {
            var (known, inner) = UnknownExtensionPath.Find(container, step);
            if (inner is null && verb == PatchVerb.Remove) return;
            if (inner is not (null or JsonObject)) throw ScimException.InvalidPath($"'{step}' has no sub-attributes.");
            if (inner is null) container[known] = inner = new JsonObject();
            container = (JsonObject)inner;
        }
        Set(container, names[^1], verb, value);
    }

    /// <summary>One member of an object: by whatever is there, and what is sent.</summary>
    internal static void Set(JsonObject container, string asked, PatchVerb verb, JsonNode? value)
    {
        var (name, present) = UnknownExtensionPath.Find(container, asked);
        if (verb == PatchVerb.Remove) Remove(container, name, present, value);
        else if (value is null) { if (verb == PatchVerb.Replace) container.Remove(name); }
        else if (verb == PatchVerb.Add && present is JsonArray several) Append(several, value);
        else if (present is JsonObject complex && value is JsonObject subs) PatchApplier.Merge(complex, subs);
        else container[name] = value.DeepClone();
    }

    private static void Remove(JsonObject container, string name, JsonNode? present, JsonNode? listed)
    {
        if (present is JsonArray several && listed is JsonArray values)
            foreach (var gone in several.Where(element => values.Any(value => JsonNode.DeepEquals(value, element))).ToList()) several.Remove(gone);
        else container.Remove(name);
        if (container[name] is JsonArray { Count: 0 }) container.Remove(name);
    }

    private static void Append(JsonArray several, JsonNode value)
    {
        foreach (var element in value as JsonArray ?? [value.DeepClone()])
            if (!several.Any(present => JsonNode.DeepEquals(present, element))) several.Add(element?.DeepClone());
    }
}
