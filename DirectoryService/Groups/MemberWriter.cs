using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;

namespace DirectoryService.Groups;

/// <summary>Writes members of groups with the sub-attributes of the projection.</summary>
internal sealed class MemberWriter(AttributeProjection projection, string baseUrl)
{
    private readonly HashSet<string> subs = Shown(projection);

    internal bool ShowsAny => subs.Count > 0;

    internal void Write(Utf8JsonWriter json, IEnumerable<(Guid Id, string Display)> members)
    {
        json.WriteStartArray(GroupSchema.Members);
        foreach (var (id, display) in members) Write(json, id, display);
        json.WriteEndArray();
    }

    internal void Write(Utf8JsonWriter json, Guid user, string display)
    {
        json.WriteStartObject();
        if (subs.Contains("value")) json.WriteString("value", user);
        if (subs.Contains("$ref")) json.WriteString("$ref", ResourceRepresentation.Location(ResourceSchema.User, user, baseUrl));
        if (subs.Contains("type")) json.WriteString("type", "User");
        if (subs.Contains("display")) json.WriteString("display", display);
        json.WriteEndObject();
    }

    /// <summary>The sub-attributes that the projection keeps, determined with one sample member.</summary>
    private static HashSet<string> Shown(AttributeProjection projection)
    {
        var one = new JsonObject { ["value"] = "", ["$ref"] = "", ["type"] = "", ["display"] = "" };
        var left = projection.Apply(new JsonObject { [GroupSchema.Members] = new JsonArray(one) });
        return left[GroupSchema.Members]?[0] is JsonObject shown ? [.. shown.Select(pair => pair.Key)] : [];
    }
}
