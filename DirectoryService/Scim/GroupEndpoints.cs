using System.Text.Json.Nodes;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Quirks;
using DirectoryService.Storage;
using Npgsql;

namespace DirectoryService.Scim;

/// <summary><c>/Groups</c>. Members never pass through the document: see <see cref="MembershipChange"/>.</summary>
internal static class GroupEndpoints
{
    private static readonly ResourceSchema Resource = ResourceSchema.Group;
    private static readonly DocumentNormalizer Documents = new(Resource, Leniencies.Values);
    private static readonly PatchApplier Patches = new(Leniencies.Values);

    internal static void Map(RouteGroupBuilder scim)
    {
        scim.MapGet("/Groups", ListAsync);
        scim.MapPost("/Groups", CreateAsync);
        scim.MapGet("/Groups/{id}", GetAsync);
        scim.MapPut("/Groups/{id}", ReplaceAsync);
        scim.MapPatch("/Groups/{id}", PatchAsync);
        scim.MapDelete("/Groups/{id}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, GroupTable groups, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var filter = SqlFilter.Translate(http.Filter(Resource), FilterColumn.Groups, reserved: 1);
        var (start, request) = http.Paging();
        var page = await groups.ListAsync(directory.DirectoryId, filter, request, cancellationToken);
        return new GroupListResult(page.Items, page.Total, start, db);
    }

    private static async Task<IResult> GetAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var group = await writes.FindAsync(directory, http.ResourceId(Resource), cancellationToken);
        return new GroupResult(200, group, db);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var group = await writes.CreateAsync(directory, await ReadAsync(http, cancellationToken), cancellationToken);
        return new GroupResult(201, group, db);
    }

    private static async Task<IResult> ReplaceAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var asked = await ReadAsync(http, cancellationToken);
        var group = await writes.ChangeAsync(http, directory, http.ResourceId(Resource), asked.Members, _ => asked.Document, cancellationToken);
        return new GroupResult(200, group, db);
    }

    /// <summary>204, so that the answer to one added member does not carry a million; 200 when <c>attributes</c> is asked for.</summary>
    private static async Task<IResult> PatchAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var id = http.ResourceId(Resource);
        var sent = PatchRequest.Parse(await ScimBody.ReadGroupAsync(http.Request, cancellationToken));
        var operations = PatchFlattener.Flatten(Resource, id.ToString(), sent).ToLookup(NamesMembers);
        var group = await writes.ChangeAsync(http, directory, id, MembershipChange.Fold(operations[true]), before => Apply(before, operations[false]), cancellationToken);
        if (!http.Request.Query.ContainsKey("attributes"))
        {
            http.Response.Headers.ETag = Representation.ETag(group.ScimVersion);
            return ScimResult.NoContent;
        }
        return new GroupResult(200, group, db);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, GroupWrites writes, CancellationToken cancellationToken)
    {
        await writes.RemoveAsync(http, http.Directory(), http.ResourceId(Resource), cancellationToken);
        return ScimResult.NoContent;
    }

    private static bool NamesMembers(PathedOperation operation) =>
        operation.Path.Attribute is { Extension: null, Attribute.Name: GroupSchema.Members };

    private static JsonObject Apply(JsonObject before, IEnumerable<PathedOperation> operations)
    {
        var document = (JsonObject)before.DeepClone();
        foreach (var operation in operations) Patches.Apply(document, operation);
        return document;
    }

    private static async Task<GroupWrites.Asked> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var body = await ScimBody.ReadGroupAsync(http.Request, cancellationToken);
        var name = body.Select(pair => pair.Key).FirstOrDefault(key => AttributeDefinition.NameEquals(key, GroupSchema.Members));
        var members = name is null ? null : body[name];
        if (name is not null) body.Remove(name);
        return new GroupWrites.Asked(Documents.Normalize(body), MembershipChange.Exactly(members));
    }
}
