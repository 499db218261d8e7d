using System.Text.Json.Nodes;
using DirectoryService.Groups;

namespace DirectoryService.OpenApi;

/// <summary>The table of all SCIM operations. A test compares it with the endpoints.</summary>
internal static class OperationTable
{
    internal const string MediaType = "application/scim+json";

    private const string SameUser = "A user whom the console disabled or deleted answers as `active: false`; how such a user comes back depends on the directory's rule (docs/lifecycle.md).";

    private static readonly ResponseDefinition Gone = new("204", "Done; a second time it is 404.");
    private static readonly ResponseDefinition Same = new("304", "The client has the present version.", HasVersion: true);

    internal static readonly IReadOnlyList<OperationDefinition> All =
    [
        List("/Users", "listUsers", "Users", "Finds users", "UserList"),
        new("POST", "/Users", "createUser", "Users", "Creates a user")
        {
            Description = "`id`, `meta` and `groups` of the body are ignored; `password` is dropped. " + SameUser,
            Takes = ParameterDefinitions.Shown, Body = "User", Examples = ["createUserEntra", "createUserOkta"],
            Answers = [new("201", "The user; a deleted one that came back keeps its id.", "User", HasVersion: true, HasLocation: true)],
            ScimTypes = ErrorResponseDefinitions.OfWriting, Refused = ["409"],
        },
        One("/Users/{id}", "getUser", "Users", "Reads a user", "User"),
        new("PUT", "/Users/{id}", "replaceUser", "Users", "Replaces a user")
        {
            Description = "What the body does not name is taken away. " + SameUser,
            Takes = ["id", "ifMatch", .. ParameterDefinitions.Shown], Body = "User", Examples = ["replaceUserOkta"],
            Answers = [Written("User")], ScimTypes = ErrorResponseDefinitions.OfWriting, Refused = ["409", "412"],
        },
        new("PATCH", "/Users/{id}", "patchUser", "Users", "Changes a user")
        {
            Description = "All operations, or none. What changes nothing makes no new version. " + SameUser,
            Takes = ["id", "ifMatch", .. ParameterDefinitions.Shown], Body = "PatchOp", Examples = ["patchUserEntra", "patchUserEntraDisable", "patchUserOktaDeactivate"],
            Answers = [Written("User")], ScimTypes = ErrorResponseDefinitions.OfPatch, Refused = ["409", "412"],
        },
        new("DELETE", "/Users/{id}", "deleteUser", "Users", "Removes a user") { Takes = ["id", "ifMatch"], Answers = [Gone], Refused = ["412"] },

        List("/Groups", "listGroups", "Groups", "Finds groups", "GroupList",
            $"A page ends early at {GroupEndpoints.MembersOnAPage} members in all. Without `excludedAttributes=members` the members of all its groups are read."),
        new("POST", "/Groups", "createGroup", "Groups", "Creates a group")
        {
            Takes = ParameterDefinitions.Shown, Body = "Group", Examples = ["createGroup"],
            Answers = [new("201", "The group.", "Group", HasVersion: true, HasLocation: true)], ScimTypes = ErrorResponseDefinitions.OfWriting, Refused = ["409"],
        },
        One("/Groups/{id}", "getGroup", "Groups", "Reads a group", "Group"),
        new("PUT", "/Groups/{id}", "replaceGroup", "Groups", "Replaces a group, its whole membership included")
        {
            Takes = ["id", "ifMatch", .. ParameterDefinitions.Shown], Body = "Group", Examples = ["replaceGroupOkta"],
            Answers = [Written("Group")], ScimTypes = [.. ErrorResponseDefinitions.OfWriting, "invalidFilter"], Refused = ["409", "412"],
        },
        new("PATCH", "/Groups/{id}", "patchGroup", "Groups", "Changes a group, or adds and removes members")
        {
            Description = "The cost of adding or removing members does not depend on how many the group has. Adding one who is there, and removing one who is not, succeed and change nothing. With the header `Prefer: return=representation` the answer is 200 with the group.",
            Takes = ["id", "ifMatch", .. ParameterDefinitions.Shown], Body = "PatchOp", Examples = ["patchGroupEntraAdd", "patchGroupEntraRemove", "patchGroupOktaRemove", "patchGroupOktaRename"],
            Answers = [new("204", "Done.", HasVersion: true, HasLocation: true), new("200", "Done; the group, when `attributes` was asked for, or the client prefers it.", "Group", HasVersion: true, HasLocation: true)],
            ScimTypes = ErrorResponseDefinitions.OfPatch, Refused = ["409", "412"],
        },
        new("DELETE", "/Groups/{id}", "deleteGroup", "Groups", "Removes a group") { Takes = ["id", "ifMatch"], Answers = [Gone], Refused = ["412"] },

        new("GET", "/", "listAll", "Search", "Finds users and groups")
        {
            Description = "Users first, then groups; sorted, one order over both. An attribute that a type lacks has no value there. By startIndex only.",
            Takes = [.. ParameterDefinitions.Paging, .. ParameterDefinitions.Shown], Answers = [new("200", "A page.", "ListResponse")], ScimTypes = ErrorResponseDefinitions.OfList,
        },
        Search("/.search", "searchAll", "Finds users and groups", "ListResponse"),
        Search("/Users/.search", "searchUsers", "Finds users", "UserList"),
        Search("/Groups/.search", "searchGroups", "Finds groups", "GroupList"),

        new("POST", "/Bulk", "bulk", "Bulk", "Runs many writes")
        {
            Description = "Each operation is checked and answered as the single request would be; one that fails leaves the others alone, up to `failOnErrors`. Each counts as a request toward the rate limit.",
            Body = "BulkRequest", Examples = ["bulk"], Answers = [new("200", "What became of each operation.", "BulkResponse")], ScimTypes = ["invalidSyntax", "invalidValue"],
        },

        Discovery("/ServiceProviderConfig", "getServiceProviderConfig", "What is supported", "ServiceProviderConfig"),
        Discovery("/ResourceTypes", "listResourceTypes", "The resource types", "ResourceTypeList"),
        Discovery("/ResourceTypes/{name}", "getResourceType", "One resource type", "ResourceType", "name"),
        Discovery("/Schemas", "listSchemas", "The schemas", "SchemaList"),
        Discovery("/Schemas/{id}", "getSchema", "One schema", "Schema", "urn"),
        .. from method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"]
           select new OperationDefinition(method, "/Me", method.ToLowerInvariant() + "Me", "Discovery", "Not offered: the token belongs to a directory, not to a user") { Answers = [], Refused = ["501"] },
    ];

    internal static JsonObject Paths()
    {
        var paths = new JsonObject();
        foreach (var path in All.GroupBy(operation => operation.Path))
            paths[path.Key] = new JsonObject(path.Select(operation => KeyValuePair.Create(operation.Method.ToLowerInvariant(), (JsonNode?)operation.ToJson())));
        return paths;
    }

    private static ResponseDefinition Ok(string schema) => new("200", "As it is now.", schema, HasVersion: true);

    private static ResponseDefinition Written(string schema) => Ok(schema) with { HasLocation = true };

    private static OperationDefinition List(string path, string id, string tag, string summary, string schema, string? description = null) => new("GET", path, id, tag, summary)
    {
        Description = description, Takes = ParameterDefinitions.List, Answers = [new("200", "A page; empty when nothing was found.", schema)], ScimTypes = ErrorResponseDefinitions.OfList,
    };

    private static OperationDefinition One(string path, string id, string tag, string summary, string schema) => new("GET", path, id, tag, summary)
    {
        Takes = ["id", "ifNoneMatch", .. ParameterDefinitions.Shown], Answers = [Ok(schema), Same], ScimTypes = ErrorResponseDefinitions.OfReading,
    };

    private static OperationDefinition Search(string path, string id, string summary, string schema) => new("POST", path, id, "Search", summary)
    {
        Description = "As the list, with the filter in the body instead of the address, where logs of others would keep it.",
        Body = "SearchRequest", Examples = ["search"], Answers = [new("200", "A page; empty when nothing was found.", schema)], ScimTypes = ErrorResponseDefinitions.OfSearch,
    };

    private static OperationDefinition Discovery(string path, string id, string summary, string schema, params string[] takes) => new("GET", path, id, "Discovery", summary)
    {
        Takes = takes, Answers = [new("200", "What this service offers, no more.", schema)], Refused = ["403"],
    };
}
