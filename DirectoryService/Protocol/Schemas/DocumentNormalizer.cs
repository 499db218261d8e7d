using System.Text.Json.Nodes;

namespace DirectoryService.Protocol.Schemas;

/// <summary>
/// Turns the body of a POST or PUT into the document that is stored: known attributes in canonical form, extensions under
/// their URN, unknown extensions as sent. What the client does not own (id, meta, groups), <c>schemas</c> and
/// <c>password</c> are left out (RFC 7643 §3.1; scim.md rules 7 and 12).
/// </summary>
public sealed class DocumentNormalizer(ResourceSchema resource, ValueNormalizer values)
{
    public JsonObject Normalize(JsonObject body)
    {
        var document = new JsonObject();
        foreach (var (name, value) in body)
        {
            if (name.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)) AddExtension(document, name, value);
            else if (resource.FindCore(name) is { } attribute) Add(document, attribute, value);
        }
        return document;
    }

    /// <exception cref="ScimException">invalidValue that names what is missing, or cannot be found again.</exception>
    public static void CheckRequired(ResourceSchema resource, JsonObject document)
    {
        foreach (var attribute in resource.Core.Attributes)
        {
            if (!attribute.Required) continue;
            if (document[attribute.Name] is JsonValue text && !string.IsNullOrWhiteSpace(text.ToString())) ScimText.CheckIndexed(attribute.Name, text.ToString());
            else throw ScimException.InvalidValue($"'{attribute.Name}' is required; send a value for it.");
        }
        if (document["externalId"] is JsonValue externalId && externalId.ToString() is { Length: > 0 } id) ScimText.CheckLength("externalId", id);
        if (resource == ResourceSchema.User) ScimText.CheckUserName(document["userName"]!.ToString());
    }

    private void AddExtension(JsonObject document, string urn, JsonNode? value)
    {
        if (AttributeDefinition.NameEquals(urn, resource.Core.Id) || value is null) return;
        if (value is not JsonObject source) throw ScimException.InvalidValue($"'{urn}' must be an object.");
        var extension = resource.FindExtension(urn);
        var kept = new JsonObject();
        foreach (var (name, raw) in source)
        {
            if (extension is null) { if (raw is not null) kept[name] = raw.DeepClone(); }
            else if (extension.Find(name) is { } attribute) Add(kept, attribute, raw);
        }
        if (kept.Count > 0 && !document.TryAdd(extension?.Id ?? urn, kept)) throw Twice(urn);
    }

    private void Add(JsonObject target, AttributeDefinition attribute, JsonNode? value)
    {
        if (attribute.Mutability is Mutability.ReadOnly or Mutability.WriteOnly || attribute.Name == "schemas") return;
        if (values.Normalize(attribute, value) is { } kept && !target.TryAdd(attribute.Name, kept)) throw Twice(attribute.Name);
    }

    private static ScimException Twice(string name) => ScimException.InvalidSyntax($"The body has '{name}' twice; send it once.");
}
