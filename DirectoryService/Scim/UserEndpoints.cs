using System.Text.Json.Nodes;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Patch;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Quirks;
using DirectoryService.Storage;

namespace DirectoryService.Scim;

/// <summary><c>/Users</c>.</summary>
internal static class UserEndpoints
{
    private static readonly ResourceSchema Resource = ResourceSchema.User;
    private static readonly DocumentNormalizer Documents = new(Resource, Leniencies.Values);
    private static readonly PatchApplier Patches = new(Leniencies.Values);

    internal static void Map(RouteGroupBuilder scim)
    {
        scim.MapGet("/Users", ListAsync);
        scim.MapPost("/Users", CreateAsync);
        scim.MapGet("/Users/{id}", GetAsync);
        scim.MapPut("/Users/{id}", ReplaceAsync);
        scim.MapPatch("/Users/{id}", PatchAsync);
        scim.MapDelete("/Users/{id}", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, UserTable users, TimeProvider clock, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var asked = http.Filter(Resource);
        var filter = SqlFilter.Translate(asked, FilterColumn.Users, reserved: 1);
        var (start, request) = http.Paging();
        var page = await users.ListAsync(directory.DirectoryId, filter, request, cancellationToken);
        if (directory.LookupReleases && IsLookup(asked) && page.Items.Any(user => user.State.ConsoleDisabled || user.State.ConsoleDeleted))
            await users.NoteLookupAsync([.. page.Items.Select(user => user.Id)], Clock.Now(clock), cancellationToken);
        var baseUrl = http.BaseUrl(directory);
        return ScimResult.Ok(ListResponse.Of(page.Items.Select(user => projection.Apply(Representation.User(user, baseUrl))), page.Total, start));
    }

    private static async Task<IResult> GetAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        return Show(http, directory, await writes.FindAsync(directory, http.ResourceId(Resource), cancellationToken));
    }

    private static async Task<IResult> CreateAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var projection = http.Projection(Resource);
        var (document, active) = Split(Documents.Normalize(await ScimBody.ReadAsync(http.Request, cancellationToken)));
        var user = await writes.CreateAsync(directory, document, active ?? true, cancellationToken);
        var baseUrl = http.BaseUrl(directory);
        return new ScimResult(201, projection.Apply(Representation.User(user, baseUrl)),
            Representation.Location(Resource, user.ScimId, baseUrl), Representation.ETag(user.ScimVersion));
    }

    private static async Task<IResult> ReplaceAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var (document, active) = Split(Documents.Normalize(await ScimBody.ReadAsync(http.Request, cancellationToken)));
        var user = await writes.ChangeAsync(http, directory, http.ResourceId(Resource),
            _ => new UserWrites.Asked((JsonObject)document.DeepClone(), active, IsPatch: false, NamesMore: true), cancellationToken);
        return Show(http, directory, user);
    }

    private static async Task<IResult> PatchAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        var directory = http.Directory();
        var id = http.ResourceId(Resource);
        var sent = PatchRequest.Parse(await ScimBody.ReadAsync(http.Request, cancellationToken));
        var operations = PatchFlattener.Flatten(Resource, id.ToString(), sent).ToList();
        var user = await writes.ChangeAsync(http, directory, id, before => Apply(before, operations), cancellationToken);
        return Show(http, directory, user);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, UserWrites writes, CancellationToken cancellationToken)
    {
        await writes.RemoveAsync(http, http.Directory(), http.ResourceId(Resource), cancellationToken);
        return ScimResult.NoContent;
    }

    private static UserWrites.Asked Apply(UserRow before, IReadOnlyList<PathedOperation> operations)
    {
        var document = (JsonObject)before.Document.DeepClone();
        foreach (var operation in operations) Patches.Apply(document, operation);
        var (rest, active) = Split(document);
        if (active is null && operations.Any(operation => NamesActive(operation) && operation.Verb == PatchVerb.Remove))
            throw ScimException.Mutability("'active' cannot be removed; set it to true or false.");
        return new UserWrites.Asked(rest, active, IsPatch: true, NamesMore: !operations.All(NamesActive));
    }

    private static bool IsLookup(Filter? filter) => filter is Filter.Compare
    {
        Operator: CompareOperator.Eq, Path: { Extension: null, Attribute.Name: "userName" or "externalId" },
    };

    private static bool NamesActive(PathedOperation operation) =>
        operation.Path.Attribute is { Extension: null, Attribute.Name: "active" };

    /// <summary><c>active</c> is no attribute like the others: it is asked for, and decided by the lifecycle.</summary>
    private static (JsonObject Document, bool? Active) Split(JsonObject document)
    {
        var active = document["active"]?.GetValue<bool>();
        document.Remove("active");
        return (document, active);
    }

    private static ScimResult Show(HttpContext http, DirectoryContext directory, UserRow user) => ScimResult.Ok(
        http.Projection(Resource).Apply(Representation.User(user, http.BaseUrl(directory))), Representation.ETag(user.ScimVersion));
}
