using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Applies flattened operations to a document, in order; each sees what the ones before it did. The caller works on a copy,
/// so that a refusal half way leaves nothing behind.
/// </summary>
public sealed class PatchApplier(ValueNormalizer values)
{
    /// <exception cref="ScimException">mutability, noTarget or invalidValue.</exception>
    public void Apply(JsonObject document, PathedOperation operation)
    {
        var path = operation.Path;
        if (path.Attribute.Attribute is not { } attribute)
        {
            // Only a removal comes whole: PatchFlattener takes the others apart.
            document.Remove(path.Attribute.Extension!);
            return;
        }
        if (path.FilteredSub?.Mutability == Mutability.ReadOnly || path.Attribute.Leaf!.Mutability == Mutability.ReadOnly || attribute.Mutability == Mutability.ReadOnly)
            throw ScimException.Mutability($"'{path.Attribute}' is read-only; the service sets it.");
        if (attribute.Mutability == Mutability.WriteOnly || attribute.Name == "schemas") return; // a password is accepted and dropped

        var container = Container(document, path.Attribute.Extension);
        if (path.ValueFilter is { } filter) FilteredPatch.Apply(values, container, path, filter, operation);
        else if (path.Attribute.Sub is { } sub) ApplyToSub(container, attribute, sub, operation);
        else ApplyToAttribute(container, attribute, operation);
        Prune(document, path.Attribute.Extension);
    }

    private void ApplyToAttribute(JsonObject container, AttributeDefinition attribute, PathedOperation operation)
    {
        if (operation.Verb == PatchVerb.Remove)
        {
            if (attribute.MultiValued && operation.Value is not null)
                MultiValues.Remove(container, attribute, Normalized(attribute, operation.Value));
            else container.Remove(attribute.Name);
            return;
        }
        var value = Normalized(attribute, operation.Value);
        if (value is null)
        {
            // Unassigning by value (null, [] or an empty object): a replace removes, an add has nothing to add.
            if (operation.Verb == PatchVerb.Replace) container.Remove(attribute.Name);
        }
        else if (attribute.MultiValued && operation.Verb == PatchVerb.Add) MultiValues.Add(container, attribute, (JsonArray)value);
        else if (value is JsonObject complex && container[attribute.Name] is JsonObject existing) Merge(existing, complex);
        else container[attribute.Name] = value;
    }

    private void ApplyToSub(JsonObject container, AttributeDefinition attribute, AttributeDefinition sub, PathedOperation operation)
    {
        var value = operation.Verb == PatchVerb.Remove ? null : values.Normalize(sub, operation.Value);
        if (attribute.MultiValued)
        {
            // `emails.value` without a filter: every element (RFC 7644 §3.5.2 leaves it open; this is what clients mean).
            foreach (var element in MultiValues.Elements(container, attribute)) Assign(element, sub, value);
            return;
        }
        if (container[attribute.Name] is not JsonObject target)
        {
            if (value is null) return;
            container[attribute.Name] = target = [];
        }
        Assign(target, sub, value);
        if (target.Count == 0) container.Remove(attribute.Name);
    }

    private JsonNode? Normalized(AttributeDefinition attribute, JsonNode? value)
    {
        // One element where an array is expected: JumpCloud and OneLogin add a single object.
        if (attribute.MultiValued && value is JsonObject) value = new JsonArray(value.DeepClone());
        return values.Normalize(attribute, value);
    }

    internal static void Assign(JsonObject target, AttributeDefinition sub, JsonNode? value)
    {
        if (value is null) target.Remove(sub.Name);
        else target[sub.Name] = value.DeepClone();
    }

    internal static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (name, value) in source) target[name] = value?.DeepClone();
    }

    private static JsonObject Container(JsonObject document, string? extension)
    {
        if (extension is null) return document;
        if (document[extension] is JsonObject existing) return existing;
        var made = new JsonObject();
        document[extension] = made;
        return made;
    }

    private static void Prune(JsonObject document, string? extension)
    {
        if (extension is not null && document[extension] is JsonObject { Count: 0 }) document.Remove(extension);
    }
}
