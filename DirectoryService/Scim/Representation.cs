using System.Globalization;
using System.Text.Json.Nodes;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Storage;

namespace DirectoryService.Scim;

/// <summary>What SCIM shows of a row: schemas, id, the document, active, meta.</summary>
internal static class Representation
{
    /// <param name="groups">Empty: in none, or not asked for.</param>
    internal static JsonObject User(UserRow user, IEnumerable<(Guid Id, string Display)> groups, string baseUrl)
    {
        var body = Start(ResourceSchema.User, user.ScimId, user.Document);
        body["active"] = user.State.Active;
        var array = new JsonArray([.. groups.Select(group => new JsonObject
        {
            ["value"] = group.Id.ToString(),
            ["$ref"] = Location(ResourceSchema.Group, group.Id, baseUrl),
            ["display"] = group.Display,
            ["type"] = "direct",
        })]);
        if (array.Count > 0) body["groups"] = array;
        body["meta"] = Meta(ResourceSchema.User, user.ScimId, user.CreatedAt, user.ModifiedAt, user.ScimVersion, baseUrl);
        return body;
    }

    /// <param name="members">Null: not asked for.</param>
    internal static JsonObject Group(GroupRow group, IEnumerable<(Guid Id, string Display)>? members, string baseUrl)
    {
        var body = Start(ResourceSchema.Group, group.ScimId, group.Document);
        if (members is not null)
        {
            var array = new JsonArray([.. members.Select(member => new JsonObject
            {
                ["value"] = member.Id.ToString(),
                ["$ref"] = Location(ResourceSchema.User, member.Id, baseUrl),
                ["type"] = "User",
                ["display"] = member.Display,
            })]);
            if (array.Count > 0) body["members"] = array;
        }
        body["meta"] = Meta(ResourceSchema.Group, group.ScimId, group.CreatedAt, group.ModifiedAt, group.ScimVersion, baseUrl);
        return body;
    }

    internal static string Location(ResourceSchema resource, Guid id, string baseUrl) => $"{baseUrl}{resource.Endpoint}/{id}";

    internal static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    private static JsonObject Start(ResourceSchema resource, Guid id, JsonObject document)
    {
        var body = new JsonObject
        {
            ["schemas"] = new JsonArray([resource.Core.Id, .. document.Where(pair => pair.Key.StartsWith("urn:", StringComparison.OrdinalIgnoreCase)).Select(pair => (JsonNode)pair.Key)]),
            ["id"] = id.ToString(),
        };
        foreach (var (name, value) in document) body[name] = value?.DeepClone();
        return body;
    }

    private static JsonObject Meta(
        ResourceSchema resource, Guid id, DateTimeOffset created, DateTimeOffset modified, long version, string baseUrl) => new()
        {
            ["resourceType"] = resource.Name,
            ["created"] = Timestamp(created),
            ["lastModified"] = Timestamp(modified),
            ["location"] = Location(resource, id, baseUrl),
            ["version"] = ETag(version),
        };

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
