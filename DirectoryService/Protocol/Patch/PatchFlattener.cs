using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Gives every operation a path, so that the other code handles one case. A path-less operation becomes one operation per key
/// of its value: the name of an attribute, the URN of a schema, or, if the leniency is granted, any path.
/// </summary>
public static class PatchFlattener
{
    /// <param name="id">SCIM id of the resource.</param>
    public static IEnumerable<FlattenedOperation> Flatten(ResourceSchema resource, string id, IEnumerable<PatchOperation> operations, LeniencyPolicy? tolerance = null)
    {
        var reader = new Reader(resource, id, tolerance ?? LeniencyPolicy.Strict);
        return operations.SelectMany(operation => operation.Path is { } path
            ? reader.FromPath(operation.Verb, path, operation.Value)
            : reader.FromKeys(operation));
    }

    private sealed record Reader(ResourceSchema Resource, string Id, LeniencyPolicy Tolerance)
    {
        internal IEnumerable<FlattenedOperation> FromPath(PatchVerb verb, string text, JsonNode? value)
        {
            if (AttributeDefinition.NameEquals(text.Trim(), Resource.Core.Id)) return FromSchema(verb, "", text, value);
            var path = PatchPath.Parse(Resource, text, Tolerance);
            return path.Attribute is { Attribute: null, IsForeign: false } && verb != PatchVerb.Remove
                ? FromSchema(verb, path.Attribute.Extension + ":", text, value)
                : [new FlattenedOperation(verb, path, value)];
        }

        internal IEnumerable<FlattenedOperation> FromKeys(PatchOperation operation)
        {
            if (operation.Value is not JsonObject { Count: > 0 } attributes)
                throw ScimException.InvalidValue("An operation without \"path\" needs a \"value\" object that names the attributes to change.");
            foreach (var (key, value) in attributes)
            {
                if (IsEcho(key, value)) continue;
                if (IsPath(key, value) && !Tolerance.PathAsKey(key))
                    throw ScimException.InvalidPath($"'{key}' is a path, not a name; give it as the operation's \"path\".");
                foreach (var pathed in FromPath(operation.Verb, key, value)) yield return pathed;
            }
        }

        /// <summary>Splits an operation on a whole schema with an object value into one operation per attribute.</summary>
        private IEnumerable<FlattenedOperation> FromSchema(PatchVerb verb, string prefix, string text, JsonNode? value)
        {
            if (verb == PatchVerb.Remove) throw ScimException.Mutability($"'{text}' is the schema of the resource, so it cannot be removed.");
            if (value is not JsonObject attributes) throw ScimException.InvalidValue($"'{text}' must be an object.");
            return attributes.SelectMany(pair => FromPath(verb, prefix + pair.Key, pair.Value));
        }

        private static bool IsPath(string key, JsonNode? value) =>
            Urns.IsUrn(key) ? value is not JsonObject || key.Contains('[', StringComparison.Ordinal) : key.AsSpan().ContainsAny('.', '[');

        /// <summary>Whether the key can be ignored: <c>schemas</c>, or the resource's own id.</summary>
        private bool IsEcho(string key, JsonNode? value) =>
            AttributeDefinition.NameEquals(key, "schemas")
            || (AttributeDefinition.NameEquals(key, "id") && value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == Id && Tolerance.OwnId());
    }
}
