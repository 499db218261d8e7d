using System.Globalization;
using System.Text.Json.Nodes;
using DirectoryService.Groups;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Users;

namespace DirectoryService.Scim;

/// <summary>Converts a row to a SCIM resource: schemas, id, the document, active, meta.</summary>
internal static class ResourceRepresentation
{
    /// <param name="groups">The user's groups; empty when it has none or they are not returned.</param>
    internal static JsonObject User(UserRow user, IEnumerable<GroupOfUser> groups, string baseUrl)
    {
        var body = Start(ResourceSchema.User, user.ScimId, user.Document);
        if (body[Urns.EnterpriseUser]?[ManagerReference.Manager] is JsonObject manager) ManagerReference.Show(manager, baseUrl + ResourceSchema.User.Endpoint, user.ManagerName);
        body["active"] = user.State.Active;
        var array = new JsonArray([.. groups.Select(group => new JsonObject
        {
            ["value"] = group.Id.ToString(),
            ["$ref"] = Location(ResourceSchema.Group, group.Id, baseUrl),
            ["display"] = group.Display,
            ["type"] = "direct",
        })]);
        if (array.Count > 0) body["groups"] = array;
        body["meta"] = Meta(ResourceSchema.User, user.ScimId, user.CreatedAt, user.ModifiedAt, ResourceVersion.Of(user), baseUrl);
        return body;
    }

    /// <summary>A group without members, which are in a separate table.</summary>
    internal static JsonObject Group(GroupRow group, string baseUrl)
    {
        var body = Start(ResourceSchema.Group, group.ScimId, group.Document);
        body["meta"] = Meta(ResourceSchema.Group, group.ScimId, group.CreatedAt, group.ModifiedAt, ResourceVersion.Of(group), baseUrl);
        return body;
    }

    internal static string Location(ResourceSchema resource, Guid id, string baseUrl) => $"{baseUrl}{resource.Endpoint}/{id}";

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
        ResourceSchema resource, Guid id, DateTimeOffset created, DateTimeOffset modified, ResourceVersion version, string baseUrl) => new()
        {
            ["resourceType"] = resource.Name,
            ["created"] = Timestamp(created),
            ["lastModified"] = Timestamp(modified),
            ["location"] = Location(resource, id, baseUrl),
            ["version"] = version.ETag,
        };

    internal static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
