using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;
using DirectoryService.Protocol.Schemas;

namespace DirectoryService.Protocol.Patch;

/// <summary>
/// Gives every operation a path, so that the rest knows one case. A path-less operation becomes one per key of its value;
/// keys may be plain (<c>active</c>), dotted (<c>name.givenName</c>), filtered, or URNs of an extension or of one of its
/// attributes, as Entra ID's <c>aadOptscim062020</c> dialect sends them.
/// </summary>
public static class PatchFlattener
{
    /// <param name="id">SCIM id of the resource: Okta's rename sends it along, and equal it changes nothing.</param>
    public static IEnumerable<PathedOperation> Flatten(ResourceSchema resource, string id, IEnumerable<PatchOperation> operations) =>
        operations.SelectMany(operation => operation.Path is { } path
            ? FromPath(resource, operation.Verb, PatchPath.Parse(resource, path), operation.Value)
            : FromKeys(resource, id, operation));

    /// <summary>A whole extension with an object as its value is one operation per attribute of it.</summary>
    private static IEnumerable<PathedOperation> FromPath(ResourceSchema resource, PatchVerb verb, PatchPath path, JsonNode? value)
    {
        if (path.Attribute.Attribute is not null || verb == PatchVerb.Remove) return [new PathedOperation(verb, path, value)];
        if (value is not JsonObject extension) throw ScimException.InvalidValue($"'{path.Attribute}' must be an object.");
        return extension.Select(pair => new PathedOperation(verb, PatchPath.Parse(resource, $"{path.Attribute.Extension}:{pair.Key}"), pair.Value));
    }

    private static IEnumerable<PathedOperation> FromKeys(ResourceSchema resource, string id, PatchOperation operation)
    {
        if (operation.Value is not JsonObject { Count: > 0 } attributes)
            throw ScimException.InvalidValue("An operation without \"path\" needs a \"value\" object that names the attributes to change.");
        foreach (var (key, value) in attributes)
        {
            if (IsEcho(key, value, id)) continue;
            foreach (var pathed in FromPath(resource, operation.Verb, PatchPath.Parse(resource, key), value)) yield return pathed;
        }
    }

    /// <summary><c>schemas</c> says nothing new, and neither does the resource's own id.</summary>
    private static bool IsEcho(string key, JsonNode? value, string id) =>
        AttributeDefinition.NameEquals(key, "schemas")
        || (AttributeDefinition.NameEquals(key, "id") && value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == id);
}
