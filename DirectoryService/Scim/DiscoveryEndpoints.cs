using System.Text.Json.Nodes;
using DirectoryService.Lists;
using DirectoryService.Protocol;
using DirectoryService.Protocol.Filters;
using DirectoryService.Protocol.Messages;
using DirectoryService.Protocol.Schemas;
using DirectoryService.Scim.Bulk;

namespace DirectoryService.Scim;

/// <summary><c>/ServiceProviderConfig</c>, <c>/ResourceTypes</c>, <c>/Schemas</c> (RFC 7644 §4): exactly what this service supports.</summary>
internal static class DiscoveryEndpoints
{
    private static readonly ResourceSchema[] Types = [ResourceSchema.User, ResourceSchema.Group];

    internal static void Map(RouteGroupBuilder directory)
    {
        // RFC 7644 §4
        var scim = directory.MapGroup("").AddEndpointFilter((context, next) => context.HttpContext.Request.Query.ContainsKey("filter")
            ? throw ScimException.Forbidden("Discovery endpoints take no filter; read them whole.")
            : next(context));
        scim.MapRead("/ServiceProviderConfig", (HttpContext http) => ScimResult.Ok(Config(http.BaseUrl(http.Directory()))));
        scim.MapRead("/ResourceTypes", (HttpContext http) => List(http, Types.Select(type => ResourceType(type, Base(http)))));
        scim.MapRead("/ResourceTypes/{name}", (HttpContext http, string name) => One(
            Types.Where(type => AttributeDefinition.NameEquals(type.Name, name)).Select(type => ResourceType(type, Base(http))), name));
        scim.MapRead("/Schemas", (HttpContext http) => List(http, Schemas.Select(schema => SchemaDocument.Of(schema, Base(http)))));
        scim.MapRead("/Schemas/{id}", (HttpContext http, string id) => One(
            Schemas.Where(schema => AttributeDefinition.NameEquals(schema.Id, id)).Select(schema => SchemaDocument.Of(schema, Base(http))), id));
        directory.MapMethods("/Me", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], IResult () =>
            throw ScimException.NotImplemented("/Me is not offered: the bearer token belongs to a directory, not to a user."));
    }

    private static IEnumerable<Schema> Schemas => Types.SelectMany(type => (IEnumerable<Schema>)[type.Core, .. type.Extensions]);

    private static string Base(HttpContext http) => http.BaseUrl(http.Directory());

    private static ScimResult List(HttpContext http, IEnumerable<JsonObject> items)
    {
        var all = items.ToList();
        return ScimResult.Ok(ListResponse.Of(all).WriteToAsync);
    }

    private static ScimResult One(IEnumerable<JsonObject> items, string name) =>
        ScimResult.Ok(items.FirstOrDefault() ?? throw ScimException.NotFound($"There is no '{name}'."));

    private static JsonObject ResourceType(ResourceSchema type, string baseUrl) => new()
    {
        ["schemas"] = new JsonArray(Urns.ResourceType),
        ["id"] = type.Name,
        ["name"] = type.Name,
        ["endpoint"] = type.Endpoint,
        ["schema"] = type.Core.Id,
        ["schemaExtensions"] = new JsonArray([.. type.Extensions.Select(extension => new JsonObject { ["schema"] = extension.Id, ["required"] = false })]),
        ["meta"] = new JsonObject { ["resourceType"] = "ResourceType", ["location"] = $"{baseUrl}/ResourceTypes/{type.Name}" },
    };

    private static JsonObject Config(string baseUrl) => new()
    {
        ["schemas"] = new JsonArray(Urns.ServiceProviderConfig),
        ["patch"] = Supported(true),
        ["bulk"] = new JsonObject { ["supported"] = true, ["maxOperations"] = BulkEndpoints.MaxOperations, ["maxPayloadSize"] = BulkEndpoints.MaxPayload },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ListRequest.MaxCount },
        ["changePassword"] = Supported(false),
        ["sort"] = Supported(true),
        // RFC 9865 §4
        ["pagination"] = new JsonObject
        {
            ["cursor"] = true,
            ["index"] = true,
            ["defaultPaginationMethod"] = "index",
            ["defaultPageSize"] = ListRequest.DefaultCount,
            ["maxPageSize"] = ListRequest.MaxCount,
            ["cursorTimeout"] = (int)PageCursors.GoodFor.TotalSeconds,
        },
        ["etag"] = Supported(true),
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken",
            ["name"] = "Bearer token of the directory",
            ["description"] = $"Authorization: Bearer, with a token of this directory. Filters have at most {FilterLimits.Characters} characters.",
            ["specUri"] = "https://www.rfc-editor.org/info/rfc6750",
            ["primary"] = true,
        }),
        ["meta"] = new JsonObject { ["resourceType"] = "ServiceProviderConfig", ["location"] = $"{baseUrl}/ServiceProviderConfig" },
    };

    private static JsonObject Supported(bool supported) => new() { ["supported"] = supported };
}
