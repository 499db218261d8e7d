using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Groups;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;

namespace DirectoryService.Scim;

/// <summary>
/// Writes resources to responses. The stored JSON is copied attribute by attribute; schemas, id, active, groups and meta are
/// added here. Only a projection with sub-attributes needs the tree of <see cref="ResourceRepresentation"/>.
/// </summary>
internal static class ResourceWriter
{
    internal static void Write(Utf8JsonWriter json, UserRow user, AttributeProjection projection, string baseUrl)
    {
        if (!projection.NamesWholeAttributes)
        {
            projection.Apply(ResourceRepresentation.User(user, user.Groups ?? [], baseUrl)).WriteTo(json);
            return;
        }
        json.WriteStartObject();
        WriteDocument(json, ResourceSchema.User, user.ScimId, user.Stored.Utf8, projection, baseUrl, user.ManagerName);
        if (projection.ShowsName("active")) json.WriteBoolean("active", user.State.Active);
        if (user.Groups is { Count: > 0 } groups && projection.ShowsName("groups")) WriteGroups(json, groups, baseUrl);
        if (projection.ShowsName("meta")) WriteMeta(json, ResourceSchema.User, user.ScimId, user.CreatedAt, user.ModifiedAt, ResourceVersion.Of(user), baseUrl);
        json.WriteEndObject();
    }

    /// <summary>Writes a group without members and leaves its object open for them.</summary>
    internal static void WriteOpen(Utf8JsonWriter json, GroupRow group, AttributeProjection projection, string baseUrl)
    {
        json.WriteStartObject();
        if (projection.NamesWholeAttributes)
        {
            WriteDocument(json, ResourceSchema.Group, group.ScimId, group.Stored.Utf8, projection, baseUrl);
            if (projection.ShowsName("meta")) WriteMeta(json, ResourceSchema.Group, group.ScimId, group.CreatedAt, group.ModifiedAt, ResourceVersion.Of(group), baseUrl);
            return;
        }
        foreach (var (name, value) in projection.Apply(ResourceRepresentation.Group(group, baseUrl)))
        {
            json.WritePropertyName(name);
            if (value is null) json.WriteNullValue();
            else value.WriteTo(json);
        }
    }

    private static void WriteDocument(Utf8JsonWriter json, ResourceSchema resource, Guid id, ReadOnlySpan<byte> document, AttributeProjection projection, string baseUrl, string? managerName = null)
    {
        json.WriteStartArray("schemas");
        json.WriteStringValue(resource.Core.Id);
        for (var reader = Open(document); NextName(ref reader); reader.Skip())
            if (IsUrn(reader.ValueSpan)) json.WriteStringValue(reader.GetString());
        json.WriteEndArray();
        json.WriteString("id", id);
        for (var reader = Open(document); NextName(ref reader);)
        {
            var shown = projection.IsEverything || projection.ShowsName(reader.GetString()!);
            if (shown && reader.ValueIsEscaped) json.WritePropertyName(reader.GetString()!);
            else if (shown) json.WritePropertyName(reader.ValueSpan);
            var isEnterprise = reader.ValueTextEquals(Urns.EnterpriseUser);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = document[start..(int)reader.BytesConsumed];
            if (shown && isEnterprise && value.IndexOf("\"manager\""u8) >= 0) WriteWithManager(json, value, baseUrl, managerName);
            else if (shown) json.WriteRawValue(value, skipInputValidation: true);
        }
    }

    /// <summary>The enterprise extension, with the manager's address and name.</summary>
    private static void WriteWithManager(Utf8JsonWriter json, ReadOnlySpan<byte> extension, string baseUrl, string? managerName)
    {
        json.WriteStartObject();
        for (var reader = Open(extension); NextName(ref reader);)
        {
            json.WritePropertyName(reader.GetString()!);
            var isManager = reader.ValueTextEquals(ManagerReference.Manager);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var value = extension[start..(int)reader.BytesConsumed];
            if (isManager && JsonNode.Parse(value) is JsonObject manager)
            {
                ManagerReference.Show(manager, baseUrl + ResourceSchema.User.Endpoint, managerName);
                manager.WriteTo(json);
            }
            else json.WriteRawValue(value, skipInputValidation: true);
        }
        json.WriteEndObject();
    }

    private static Utf8JsonReader Open(ReadOnlySpan<byte> document)
    {
        var reader = new Utf8JsonReader(document);
        reader.Read();
        return reader;
    }

    private static bool NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static bool IsUrn(ReadOnlySpan<byte> name) =>
        name.Length > 4 && (name[0] | 0x20) == 'u' && (name[1] | 0x20) == 'r' && (name[2] | 0x20) == 'n' && name[3] == ':';

    private static void WriteGroups(Utf8JsonWriter json, IReadOnlyList<GroupOfUser> groups, string baseUrl)
    {
        json.WriteStartArray("groups");
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString("value", group.Id);
            json.WriteString("$ref", ResourceRepresentation.Location(ResourceSchema.Group, group.Id, baseUrl));
            json.WriteString("display", group.Display);
            json.WriteString("type", "direct");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteMeta(
        Utf8JsonWriter json, ResourceSchema resource, Guid id, DateTimeOffset created, DateTimeOffset modified, ResourceVersion version, string baseUrl)
    {
        json.WriteStartObject("meta");
        json.WriteString("resourceType", resource.Name);
        json.WriteString("created", ResourceRepresentation.Timestamp(created));
        json.WriteString("lastModified", ResourceRepresentation.Timestamp(modified));
        json.WriteString("location", ResourceRepresentation.Location(resource, id, baseUrl));
        json.WriteString("version", version.ETag);
        json.WriteEndObject();
    }
}
