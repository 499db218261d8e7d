using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Applies flattened operations to a document in order; each sees the result of the previous ones. The caller passes a copy, so
/// that a refused operation changes nothing.
/// </summary>
public sealed class PatchApplier(LeniencyPolicy tolerance)
{
    private readonly ValueNormalizer values = new(tolerance.Value);

    /// <exception cref="ScimException">mutability, noTarget or invalidValue.</exception>
    public void Apply(JsonObject document, FlattenedOperation operation)
    {
        var path = operation.Path;
        if (path.Attribute.IsForeign)
        {
            UnknownExtensionPatch.Apply(document, operation);
            return;
        }
        if (path.Attribute.Attribute is not { } attribute)
        {
            // Only a remove addresses a whole extension: PatchFlattener splits the others into attributes.
            document.Remove(path.Attribute.Extension!);
            return;
        }
        CheckMutability(operation, attribute);
        if (attribute.Mutability == Mutability.WriteOnly || attribute.Name == "schemas") return; // a password is accepted and dropped

        // null and [] are no value: there is nothing to add, and what is there stays (RFC 7643 §2.5).
        if (operation is { Verb: PatchVerb.Add, Value: null or JsonArray { Count: 0 } }) return;

        var container = Container(document, path.Attribute.Extension);
        var primary = PrimaryValueRule.Of(container, attribute);
        if (path.ValueFilter is { } filter) new ValueFilterPatch(values, tolerance).Apply(container, path, filter, operation);
        else if (path.Attribute.Sub is { } sub) ApplyToSub(container, attribute, sub, operation);
        else ApplyToAttribute(container, attribute, operation);
        PrimaryValueRule.Settle(container, attribute, primary);
        MultiValuedAttributes.Collapse(container, attribute);
        Prune(document, path.Attribute.Extension);
    }

    private static void CheckMutability(FlattenedOperation operation, AttributeDefinition attribute)
    {
        var path = operation.Path;
        var subs = path.FilteredSub ?? path.Attribute.Sub;
        if (attribute.Mutability == Mutability.ReadOnly || subs?.Mutability == Mutability.ReadOnly || SaysOnlyReadOnly(attribute, subs, operation.Value))
            throw ScimException.Mutability($"'{path.Attribute}' is read-only; the service sets it.");
    }

    /// <summary>
    /// Whether a value consists only of read-only sub-attributes: <c>"manager": {"displayName": "x"}</c> means
    /// <c>manager.displayName</c>. Read-only sub-attributes beside writable ones are ignored, as in a PUT, because IdPs send
    /// back what they read.
    /// </summary>
    private static bool SaysOnlyReadOnly(AttributeDefinition attribute, AttributeDefinition? sub, JsonNode? value) => sub is null && value switch
    {
        JsonArray several => several.Any(element => SaysOnlyReadOnly(attribute, sub, element)),
        JsonObject complex => complex.Select(pair => attribute.Sub(pair.Key)).OfType<AttributeDefinition>().ToList() is { Count: > 0 } named
            && named.TrueForAll(one => one.Mutability == Mutability.ReadOnly),
        _ => false,
    };

    private void ApplyToAttribute(JsonObject container, AttributeDefinition attribute, FlattenedOperation operation)
    {
        if (operation.Verb == PatchVerb.Remove)
        {
            if (attribute.MultiValued && operation.Value is not null && tolerance.ListedRemoval())
                MultiValuedAttributes.Remove(container, attribute, values.Normalize(attribute, operation.Value));
            else Unassign(container, attribute);
            return;
        }
        var value = values.Normalize(attribute, operation.Value);
        if (value is null)
        {
            // An empty value (null, [] or {}): replace removes the attribute, add does nothing.
            if (operation.Verb == PatchVerb.Replace) Unassign(container, attribute);
        }
        else if (attribute.MultiValued && operation.Verb == PatchVerb.Add) MultiValuedAttributes.Add(container, attribute, (JsonArray)value);
        else if (value is JsonObject complex && container[attribute.Name] is JsonObject existing) Merge(existing, complex);
        else container[attribute.Name] = value;
    }

    /// <exception cref="ScimException">mutability for what is required (RFC 7644 §3.5.2.2).</exception>
    private static void Unassign(JsonObject container, AttributeDefinition attribute)
    {
        if (attribute.Required) throw ScimException.Mutability($"'{attribute.Name}' is required, so it cannot be removed; replace it by another value.");
        container.Remove(attribute.Name);
    }

    private void ApplyToSub(JsonObject container, AttributeDefinition attribute, AttributeDefinition sub, FlattenedOperation operation)
    {
        var value = operation.Verb == PatchVerb.Remove ? null : values.Normalize(sub, operation.Value);
        if (value is null && operation.Verb == PatchVerb.Add) return;
        if (!attribute.MultiValued)
        {
            if (container[attribute.Name] is not JsonObject target)
            {
                if (value is null) return;
                container[attribute.Name] = target = [];
            }
            Assign(target, sub, value);
            if (target.Count == 0) container.Remove(attribute.Name);
            return;
        }
        // `emails.value` without a filter: every element (RFC 7644 §3.5.2 leaves it open; this is what clients mean).
        var elements = MultiValuedAttributes.Elements(container, attribute).ToList();
        if (elements.Count > 1 && sub.Name == "primary" && value?.GetValue<bool>() == true)
            throw ScimException.InvalidValue($"'{attribute.Name}' has several values, of which one only can be primary; say by a filter which one it is.");
        if (elements.Count == 0 && value is not null && sub.Name != "primary")
        {
            elements.Add([]);
            container[attribute.Name] = new JsonArray(elements[0]);
        }
        foreach (var element in elements) Assign(element, sub, value);
        MultiValuedAttributes.RemoveEmpty(container, attribute);
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
