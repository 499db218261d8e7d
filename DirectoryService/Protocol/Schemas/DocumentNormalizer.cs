using System.Text.Json.Nodes;
using DirectoryService.Protocol.Paths;

namespace DirectoryService.Protocol.Schemas;

/// <summary>
/// Converts the body of a POST or PUT to the stored document: known attributes in canonical form, extensions under their URN,
/// unknown extensions as sent. Read-only attributes (id, meta, groups), <c>schemas</c> and <c>password</c> are left out (RFC
/// 7643 §3.1; scim.md rules 7 and 12).
/// </summary>
public sealed class DocumentNormalizer(ResourceSchema resource, LeniencyPolicy tolerance)
{
    private readonly ValueNormalizer values = new(tolerance.Value);

    public JsonObject Normalize(JsonObject body)
    {
        var document = new JsonObject();
        AddAll(document, body);
        return document;
    }

    private void AddAll(JsonObject document, JsonObject body)
    {
        foreach (var (name, value) in body)
        {
            if (Urns.IsUrn(name)) AddExtension(document, name, value);
            else if (resource.FindCore(name) is { } attribute) Add(document, attribute, value);
            else if (PathResolver.TryResolve(resource, name, tolerance) is { Extension: { } urn, Attribute: { } meant, Sub: null })
                AddExtension(document, urn, new JsonObject { [meant.Name] = value?.DeepClone() });
        }
    }

    /// <exception cref="ScimException">invalidValue that names an attribute that is missing or cannot be indexed.</exception>
    public static void CheckRequired(ResourceSchema resource, JsonObject document)
    {
        foreach (var attribute in resource.Core.Attributes)
        {
            if (!attribute.Required) continue;
            if (document[attribute.Name] is JsonValue text && !string.IsNullOrWhiteSpace(text.ToString())) ScimText.CheckIndexed(attribute.Name, text.ToString());
            else throw ScimException.InvalidValue($"'{attribute.Name}' is required; send a value for it.");
        }
        foreach (var (name, value) in Indexed(document))
        {
            ScimText.CheckLength(name, value.ToString());
            ScimText.CheckLength(name, ScimText.Canonical(value.ToString()));
        }
        if (resource == ResourceSchema.User) ScimText.CheckUserName(document["userName"]!.ToString());
    }

    /// <summary>The indexed attributes that are not required.</summary>
    private static IEnumerable<(string Name, JsonNode Value)> Indexed(JsonObject document)
    {
        if (document["externalId"] is { } externalId) yield return ("externalId", externalId);
        if (document["displayName"] is { } displayName) yield return ("displayName", displayName);
        foreach (var email in (document["emails"] as JsonArray)?.OfType<JsonObject>() ?? [])
            if (email["value"] is { } value) yield return ("emails.value", value);
    }

    private void AddExtension(JsonObject document, string urn, JsonNode? value)
    {
        if (value is null) return;
        if (value is not JsonObject source) throw ScimException.InvalidValue($"'{urn}' must be an object.");
        if (AttributeDefinition.NameEquals(urn, resource.Core.Id)) AddAll(document, source);
        else if (resource.FindExtension(urn) is { } extension) AddKnown(document, extension, source);
        else if (UnknownExtensionValues.Clean(source) is { } kept)
        {
            if (UnknownExtensionPath.Find(document, urn).Value is not null) throw Twice(urn);
            document.Add(urn, kept);
        }
    }

    private void AddKnown(JsonObject document, Schema extension, JsonObject source)
    {
        var kept = document[extension.Id] as JsonObject ?? [];
        foreach (var (name, raw) in source)
            if (extension.Find(name) is { } attribute) Add(kept, attribute, raw);
        if (kept.Count > 0 && !document.ContainsKey(extension.Id)) document.Add(extension.Id, kept);
    }

    private void Add(JsonObject target, AttributeDefinition attribute, JsonNode? value)
    {
        if (attribute.Mutability is Mutability.ReadOnly or Mutability.WriteOnly || attribute.Name == "schemas") return;
        if (values.Normalize(attribute, value) is { } kept && !target.TryAdd(attribute.Name, kept)) throw Twice(attribute.Name);
    }

    private static ScimException Twice(string name) => ScimException.InvalidSyntax($"The body has '{name}' twice; send it once.");
}
