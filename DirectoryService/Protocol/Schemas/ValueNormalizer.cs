using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Patch;

namespace DirectoryService.Protocol.Schemas;

/// <summary>
/// A leniency that rewrites a value before it is validated. Gets the attribute and the sent value; returns the meant value.
/// </summary>
public delegate JsonNode? ValueLeniency(AttributeDefinition attribute, JsonNode? value);

/// <summary>
/// Validates a value against its definition and converts it to its canonical form: attribute names as the schema spells them,
/// no nulls, no empty objects or arrays (RFC 7643 §2.5: all of these mean "unassigned"). Returns null for unassigned.
/// </summary>
public sealed class ValueNormalizer(ValueLeniency leniency)
{
    /// <exception cref="ScimException">invalidValue with the attribute's name, or invalidSyntax for a duplicate name.</exception>
    public JsonNode? Normalize(AttributeDefinition attribute, JsonNode? value)
    {
        value = leniency(attribute, value);
        if (value is null) return null;
        if (!attribute.MultiValued) return NormalizeOne(attribute, value);
        if (value is not JsonArray elements) throw Mismatch(attribute, "an array");
        var result = new JsonArray();
        foreach (var element in elements)
            if (element is not null && NormalizeOne(attribute, element) is { } kept) result.Add(kept);
        MultiValuedAttributes.Collapse(result);
        if (result.Count(IsPrimary) > 1)
            throw ScimException.InvalidValue($"'{attribute.Name}' has more than one value with primary true; mark one only.");
        return result.Count == 0 ? null : result;
    }

    /// <summary>One element of a multi-valued attribute, or the value of a single-valued one.</summary>
    public JsonNode? NormalizeOne(AttributeDefinition attribute, JsonNode value) => attribute.Type switch
    {
        AttributeType.Complex => NormalizeComplex(attribute, value),
        AttributeType.Boolean => Expect(attribute, value, "true or false", JsonValueKind.True, JsonValueKind.False),
        AttributeType.Decimal or AttributeType.Integer => Expect(attribute, value, "a number", JsonValueKind.Number),
        AttributeType.String or AttributeType.DateTime => Expect(attribute, value, "a string", JsonValueKind.String),
        AttributeType.Reference => Checked(Expect(attribute, value, "a string", JsonValueKind.String), text => IsUri(attribute, text)
            ? null : $"'{attribute.Name}' must be a URI such as \"https://example.com/photos/ada.png\" (RFC 7643 §2.3.7)."),
        AttributeType.Binary => Checked(Expect(attribute, value, "a string", JsonValueKind.String), text => Base64.IsValid(text)
            ? null : $"'{attribute.Name}' must be binary data in Base64 (RFC 7643 §2.3.6; RFC 4648 §4)."),
        _ => throw new InvalidOperationException($"Unknown type {attribute.Type}."),
    };

    private JsonObject? NormalizeComplex(AttributeDefinition attribute, JsonNode value)
    {
        if (value is not JsonObject source) throw Mismatch(attribute, "an object");
        var result = new JsonObject();
        foreach (var (name, raw) in source)
        {
            // Unknown sub-attributes are not stored; RFC 7643 leaves that to the service.
            if (attribute.Sub(name) is not { } sub || sub.Mutability == Mutability.ReadOnly) continue;
            if (result.ContainsKey(sub.Name)) throw ScimException.InvalidSyntax($"'{attribute.Name}' has '{sub.Name}' twice.");
            if (Normalize(sub, raw) is { } kept) result.Add(sub.Name, kept);
        }
        return result.Count == 0 ? null : result;
    }

    private static JsonNode Expect(AttributeDefinition attribute, JsonNode value, string what, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!kinds.Contains(value.GetValueKind())) throw Mismatch(attribute, what);
        if (value.GetValueKind() == JsonValueKind.String) ScimText.Check(attribute.Name, value.GetValue<string>());
        return value.DeepClone();
    }

    private static JsonNode Checked(JsonNode value, Func<string, string?> refusal) =>
        refusal(value.GetValue<string>()) is { } why ? throw ScimException.InvalidValue(why) : value;

    /// <summary>Whether the text is a valid reference: an absolute URI, or for a resource of this service a relative one.</summary>
    private static bool IsUri(AttributeDefinition attribute, string text) => text.Length == 0
        || Uri.IsWellFormedUriString(text, attribute.ReferenceTypes.Contains("external") ? UriKind.Absolute : UriKind.RelativeOrAbsolute);

    private static bool IsPrimary(JsonNode? element) =>
        element is JsonObject complex && complex["primary"] is JsonValue primary && primary.GetValueKind() == JsonValueKind.True;

    private static ScimException Mismatch(AttributeDefinition attribute, string expected) =>
        ScimException.InvalidValue($"'{attribute.Name}' must be {expected}.");
}
