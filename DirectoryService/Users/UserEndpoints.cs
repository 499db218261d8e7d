using System.Text.Json;
using System.Text.Json.Nodes;
using DirectoryService.Groups;
using DirectoryService.Leniencies;
using DirectoryService.Lists;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim;
using Npgsql;

namespace DirectoryService.Users;

/// <summary><c>/Users</c>.</summary>
internal static class UserEndpoints
{
    private static readonly ResourceSchema Resource = ResourceSchema.User;
    private static readonly DocumentNormalizer Documents = new(Resource, LeniencyRegistry.All);

    internal static void Map(RouteGroupBuilder scim)
    {
        scim.MapRead("/Users", async (HttpContext http, CancellationToken cancellationToken) => ScimResult.Ok((await ListAsync(http, ListRequest.OfQuery(http), cancellationToken)).WriteToAsync));
        scim.MapPost("/Users", CreateAsync);
        scim.MapRead(ScimRoutes.One("/Users"), GetAsync);
        scim.MapPut(ScimRoutes.One("/Users"), ReplaceAsync);
        scim.MapPatch(ScimRoutes.One("/Users"), PatchAsync);
        scim.MapDelete(ScimRoutes.One("/Users"), DeleteAsync);
    }

    /// <summary>Handles the write of a Bulk operation.</summary>
    internal static Task<IResult> HandleAsync(string method, HttpContext http)
    {
        var services = http.RequestServices;
        var writes = services.GetRequiredService<UserWrites>();
        return method switch
        {
            "POST" => CreateAsync(http, writes, http.RequestAborted),
            "PUT" => ReplaceAsync(http, writes, http.RequestAborted),
            "PATCH" => PatchAsync(http, writes, http.RequestAborted),
            "DELETE" => DeleteAsync(http, writes, http.RequestAborted),
            _ => throw new InvalidOperationException($"{method} is no write."),
        };
    }

    internal static ListSource<UserRow> Source(string baseUrl, IReadOnlyList<SearchAttribute>? chosen = null) => new(
        "users", "NOT removed", new(UserRow.Columns, UserRow.Read), new(UserRow.ShownColumns, UserRow.ReadShown), user => user.ScimId,
        user => ResourceRepresentation.User(user, user.Groups ?? [], baseUrl), FilterColumn.OfUsers(chosen ?? []), ["groups", "meta.version", Urns.EnterpriseUser + ":manager.displayName"]);

    /// <summary>Reads a page of users for any kind of list request.</summary>
    internal static Task<ListResponse> ListAsync(HttpContext http, ListRequest request, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        return http.RequestServices.GetRequiredService<ListResponder>().RespondAsync(directory, Resource, Source(http.BaseUrl(directory), directory.SearchAttributes), request,
            users => ShowAsync(http, request, users, cancellationToken), cancellationToken);
    }

    /// <summary>Writers for the users of a page.</summary>
    internal static async Task<IReadOnlyList<Func<Utf8JsonWriter, Task>>> ShowAsync(
        HttpContext http, ListRequest request, IReadOnlyList<UserRow> users, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = request.Projection(Resource);
        var baseUrl = http.BaseUrl(directory);
        await NoteLookupAsync(http.RequestServices, directory, request, users, cancellationToken);
        var isVersioned = projection.Shows("meta");
        // A scan reads rows alone: what stands beside those that it found is read for all of them at once.
        var db = http.RequestServices.GetRequiredService<NpgsqlDataSource>();
        if (users.Any(user => user.Groups is null) && (isVersioned || projection.ShowsExtension(Urns.EnterpriseUser))) users = await ManagerDisplayName.CompleteAsync(db, users, cancellationToken);
        if (isVersioned || projection.Shows("groups")) users = await WithGroupsAsync(db, directory, users, cancellationToken);
        return [.. users.Select(user => ListResponse.AtOnce(json => ResourceWriter.Write(json, user, projection, baseUrl)))];
    }

    private static async Task<IReadOnlyList<UserRow>> WithGroupsAsync(
        NpgsqlDataSource db, DirectoryContext directory, IReadOnlyList<UserRow> users, CancellationToken cancellationToken)
    {
        var without = users.Where(user => user.Groups is null).Select(user => user.ScimId).ToArray();
        if (without.Length == 0) return users;
        var groups = await MembershipSql.GroupsOfAsync(db, directory.DirectoryId, without, cancellationToken);
        return [.. users.Select(user => user.Groups is null ? user with { Groups = [.. groups[user.ScimId]] } : user)];
    }

    private static async Task NoteLookupAsync(
        IServiceProvider services, DirectoryContext directory, ListRequest request, IReadOnlyList<UserRow> users, CancellationToken cancellationToken)
    {
        if (!directory.LookupReleases || !users.Any(user => user.State.ConsoleDisabled || user.State.ConsoleDeleted) || !IsLookup(request.Filter(Resource))) return;
        await services.GetRequiredService<UserTable>().UpdateLookedUpAtAsync(
            [.. users.Select(user => user.Id)], Clock.Now(services.GetRequiredService<TimeProvider>()), cancellationToken);
    }

    private static async Task<IResult> GetAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var user = await writes.FindAsync(directory, http.ResourceId(Resource), cancellationToken);
        return http.HasVersion(ResourceVersion.Of(user))
            ? ScimResult.NotModified(http, ResourceRepresentation.Location(Resource, user.ScimId, http.BaseUrl(directory)), ResourceVersion.Of(user).ETag)
            : Show(http, directory, user, projection);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var (document, active) = Split(Documents.Normalize(await ScimBody.ReadAsync(http.Request, cancellationToken)));
        var user = await writes.CreateAsync(directory, document, active ?? true, cancellationToken);
        return Show(http, directory, user, projection, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ReplaceAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var (document, active) = Split(Documents.Normalize(await ScimBody.ReadAsync(http.Request, cancellationToken)));
        var user = await writes.ChangeAsync(http, directory, http.ResourceId(Resource),
            _ => new UserWrites.RequestedState((JsonObject)document.DeepClone(), active, IsPatch: false, NamesMore: true), cancellationToken);
        return Show(http, directory, user, projection);
    }

    private static async Task<IResult> PatchAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var id = http.ResourceId(Resource);
        var sent = PatchRequest.Parse(await ScimBody.ReadAsync(http.Request, cancellationToken), LeniencyRegistry.All);
        var operations = PatchFlattener.Flatten(Resource, id.ToString(), sent, LeniencyRegistry.All).ToList();
        var patches = new PatchApplier(LeniencyRegistry.For(directory.Provider));
        var user = await writes.ChangeAsync(http, directory, id, before => Apply(before, patches, operations), cancellationToken);
        return Show(http, directory, user, projection);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        await writes.RemoveAsync(http, http.Directory(), http.ResourceId(Resource), cancellationToken);
        return ScimResult.NoContent;
    }

    private static UserWrites.RequestedState Apply(UserRow before, PatchApplier patches, IReadOnlyList<FlattenedOperation> operations)
    {
        var document = (JsonObject)before.Document.DeepClone();
        foreach (var operation in operations) patches.Apply(document, operation);
        var (rest, active) = Split(document);
        // active is optional with default true: removing it makes the user active, as a POST without it does.
        if (active is null && operations.Any(operation => NamesActive(operation) && operation.Verb != PatchVerb.Add)) active = true;
        return new UserWrites.RequestedState(rest, active, IsPatch: true, NamesMore: !operations.All(NamesActive));
    }

    private static bool IsLookup(Filter? filter) => filter is Filter.Compare
    {
        Operator: CompareOperator.Eq, Path: { Extension: null, Attribute.Name: "userName" or "externalId" },
    };

    private static bool NamesActive(FlattenedOperation operation) =>
        operation.Path.Attribute is { Extension: null, Attribute.Name: "active" };

    /// <summary>Splits <c>active</c> from the document, because the lifecycle decides about it.</summary>
    private static (JsonObject Document, bool? Active) Split(JsonObject document)
    {
        var active = document["active"]?.GetValue<bool>();
        document.Remove("active");
        ManagerReference.Settle(document);
        return (document, active);
    }

    private static ScimResult Show(HttpContext http, DirectoryContext directory, UserRow user, AttributeProjection projection, int status = StatusCodes.Status200OK)
    {
        var baseUrl = http.BaseUrl(directory);
        return new ScimResult(status, json => ResourceWriter.Write(json, user, projection, baseUrl),
            ResourceRepresentation.Location(Resource, user.ScimId, baseUrl), ResourceVersion.Of(user).ETag);
    }
}
