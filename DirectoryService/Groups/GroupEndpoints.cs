using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Leniencies;
using DirectoryService.Lists;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Body;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;

namespace DirectoryService.Groups;

/// <summary><c>/Groups</c>. Members are not part of the stored document: see <see cref="MembershipChange"/>.</summary>
internal static class GroupEndpoints
{
    /// <summary>Largest number of members on a page of groups (scim.md rule 28).</summary>
    internal const int MembersOnAPage = 10_000;

    private const string ReturnRepresentation = "return=representation";

    private static readonly ResourceSchema Resource = ResourceSchema.Group;
    private static readonly DocumentNormalizer Documents = new(Resource, LeniencyRegistry.All);
    private static readonly PatchApplier Patches = new(LeniencyRegistry.All);

    internal static void Map(RouteGroupBuilder scim)
    {
        scim.MapRead("/Groups", async (HttpContext http, CancellationToken cancellationToken) => ScimResult.Ok((await ListAsync(http, ListRequest.OfQuery(http), cancellationToken)).WriteToAsync));
        scim.MapPost("/Groups", CreateAsync);
        scim.MapRead(ScimRoutes.One("/Groups"), GetAsync);
        scim.MapPut(ScimRoutes.One("/Groups"), ReplaceAsync);
        scim.MapPatch(ScimRoutes.One("/Groups"), PatchAsync);
        scim.MapDelete(ScimRoutes.One("/Groups"), DeleteAsync);
    }

    /// <summary>Handles the write of a Bulk operation.</summary>
    internal static Task<IResult> HandleAsync(string method, HttpContext http)
    {
        var services = http.RequestServices;
        var writes = services.GetRequiredService<GroupWrites>();
        return method switch
        {
            "POST" => CreateAsync(http, writes, services.GetRequiredService<NpgsqlDataSource>(), http.RequestAborted),
            "PUT" => ReplaceAsync(http, writes, services.GetRequiredService<NpgsqlDataSource>(), http.RequestAborted),
            "PATCH" => PatchAsync(http, writes, services.GetRequiredService<NpgsqlDataSource>(), http.RequestAborted),
            "DELETE" => DeleteAsync(http, writes, http.RequestAborted),
            _ => throw new InvalidOperationException($"{method} is no write."),
        };
    }

    private static readonly RowReader<GroupRow> Row = new(GroupRow.Columns, GroupRow.Read);
    private static readonly RowReader<GroupRow> ShownRow = new(GroupRow.ShownColumns, GroupRow.ReadShown);

    internal static ListSource<GroupRow> Source(string baseUrl) => new(
        "groups", GroupRow.Visible, Row, ShownRow, group => group.ScimId, group => ResourceRepresentation.Group(group, baseUrl), FilterColumn.Groups, ["meta.version"],
        new(GroupSchema.Members, """
            (SELECT jsonb_agg(jsonb_build_object('value', u.scim_id, 'display', coalesce(u.display_name, u.document->>'userName'), 'type', 'User'))
             FROM group_members m JOIN users u ON u.scim_id = m.user_scim_id AND NOT u.removed WHERE m.group_scim_id = groups.scim_id)
            """, member => member["$ref"] = ResourceRepresentation.Location(ResourceSchema.User, member["value"]!.GetValue<Guid>(), baseUrl)));

    /// <summary>
    /// Reads a page of groups for any kind of list request. With members the page ends at the group that reaches the limit of
    /// members.
    /// </summary>
    internal static Task<ListResponse> ListAsync(HttpContext http, ListRequest request, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        return http.RequestServices.GetRequiredService<ListResponder>().RespondAsync(directory, Resource, Source(http.BaseUrl(directory)), request,
            groups => ShowAsync(http, request, groups, cancellationToken), cancellationToken);
    }

    /// <summary>Writers for the groups of a page, as many as fit into the limit of members.</summary>
    internal static async Task<IReadOnlyList<Func<Utf8JsonWriter, Task>>> ShowAsync(
        HttpContext http, ListRequest request, IReadOnlyList<GroupRow> groups, CancellationToken cancellationToken)
    {
        var projection = request.Projection(Resource);
        var db = http.RequestServices.GetRequiredService<NpgsqlDataSource>();
        if (projection.Shows("meta")) groups = await DerivedVersions.CompleteAsync(db, groups, cancellationToken);
        if (projection.Shows(GroupSchema.Members))
            groups = [.. groups.Take(await MembershipSql.CountFittingGroupsAsync(db, [.. groups.Select(group => group.ScimId)], MembersOnAPage, cancellationToken))];
        return await ShowAsync(http, http.Directory(), groups, projection, db, cancellationToken);
    }

    private static async Task<IResult> GetAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var group = await writes.FindAsync(directory, http.ResourceId(Resource), cancellationToken);
        if (http.HasVersion(ResourceVersion.Of(group))) return ScimResult.NotModified(http, ResourceRepresentation.Location(Resource, group.ScimId, http.BaseUrl(directory)), ResourceVersion.Of(group).ETag);
        return new GroupResult(200, group, projection, db);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var group = await writes.CreateAsync(directory, await ReadAsync(http, cancellationToken), cancellationToken);
        return new GroupResult(201, group, projection, db);
    }

    private static async Task<IResult> ReplaceAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var asked = await ReadAsync(http, cancellationToken);
        var group = await writes.ChangeAsync(http, directory, http.ResourceId(Resource), asked.Members, _ => asked.Document, cancellationToken);
        return new GroupResult(200, group, projection, db);
    }

    /// <summary>
    /// Answers 204, so that adding one member does not return a million; 200 when <c>attributes</c> is given, or the client
    /// prefers the representation (RFC 7240).
    /// </summary>
    private static async Task<IResult> PatchAsync(HttpContext http, GroupWrites writes, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var id = http.ResourceId(Resource);
        var sent = PatchRequest.Parse(await ScimBody.ReadGroupAsync(http.Request, cancellationToken), LeniencyRegistry.All);
        var operations = PatchFlattener.Flatten(Resource, id.ToString(), sent, LeniencyRegistry.All).ToLookup(NamesMembers);
        if (operations[false].Any(operation => MemberIds.Read(operation.Value) is not null))
            throw ScimException.TooLarge("What the operations say besides members is more than is taken with its \"path\" behind it. Send \"path\" before \"value\", or split the change.");
        var group = await writes.ChangeAsync(http, directory, id, MembershipChange.Fold(operations[true], LeniencyRegistry.All),
            operations[false].Any() ? before => Apply(before, operations[false]) : null, cancellationToken);
        var prefers = http.Prefers(ReturnRepresentation);
        if (!prefers && !http.Request.Query.ContainsKey("attributes"))
        {
            ScimResult.Describe(http, ResourceRepresentation.Location(Resource, group.ScimId, http.BaseUrl(directory)), ResourceVersion.Of(group).ETag, isBody: false);
            return ScimResult.NoContent;
        }
        if (prefers) http.Response.Headers["Preference-Applied"] = ReturnRepresentation;
        return new GroupResult(200, group, projection, db);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, GroupWrites writes, CancellationToken cancellationToken)
    {
        await writes.RemoveAsync(http, http.Directory(), http.ResourceId(Resource), cancellationToken);
        return ScimResult.NoContent;
    }

    private static bool NamesMembers(FlattenedOperation operation) =>
        operation.Path.Attribute is { Extension: null, Attribute.Name: GroupSchema.Members };

    private static JsonObject Apply(JsonObject before, IEnumerable<FlattenedOperation> operations)
    {
        var document = (JsonObject)before.DeepClone();
        foreach (var operation in operations) Patches.Apply(document, operation);
        return document;
    }

    private static async Task<GroupWrites.RequestedState> ReadAsync(HttpContext http, CancellationToken cancellationToken)
    {
        var body = await ScimBody.ReadGroupAsync(http.Request, cancellationToken);
        var name = body.Select(pair => pair.Key).FirstOrDefault(key => AttributeDefinition.NameEquals(key, GroupSchema.Members));
        var members = name is null ? null : body[name];
        if (name is not null) body.Remove(name);
        return new GroupWrites.RequestedState(Documents.Normalize(body), MembershipChange.Exactly(members));
    }

    /// <summary>Reads the members of all groups of the response in one query, and only when they are returned.</summary>
    private static async Task<IReadOnlyList<Func<Utf8JsonWriter, Task>>> ShowAsync(
        HttpContext http, DirectoryContext directory, IReadOnlyList<GroupRow> groups, AttributeProjection projection, NpgsqlDataSource db, CancellationToken cancellationToken)
    {
        var baseUrl = http.BaseUrl(directory);
        var shown = new MemberWriter(projection, baseUrl);
        if (shown.ShowsAny && groups is [var only])
        {
            // A group with more members than a page may have is alone on its page; its members are streamed.
            var stream = await GroupStreamWriter.OpenAsync(http, db, only, projection);
            http.Response.RegisterForDisposeAsync(stream);
            return [stream.WriteAsync];
        }
        var members = new Dictionary<Guid, List<(Guid Id, string Display)>>();
        if (shown.ShowsAny)
        {
            await foreach (var (group, user, display) in MembershipSql.ReadAsync(db, [.. groups.Select(group => group.ScimId)], cancellationToken))
            {
                if (!members.TryGetValue(group, out var list)) members[group] = list = [];
                list.Add((user, display));
            }
        }
        return [.. groups.Select(group => ListResponse.AtOnce(json =>
        {
            ResourceWriter.WriteOpen(json, group, projection, baseUrl);
            if (members.TryGetValue(group.ScimId, out var list)) shown.Write(json, list);
            json.WriteEndObject();
        }))];
    }
}
