using DirectoryService.Groups;
using DirectoryService.Lists;
using DirectoryService.OpenApi;
using DirectoryService.Scim.Bulk;
using DirectoryService.Users;

namespace DirectoryService.Scim;

/// <summary>The route table of the SCIM API.</summary>
internal static class ScimRoutes
{
    /// <summary>
    /// Route of one resource. Ids do not begin with a dot, because <c>/.search</c> is a different endpoint.
    /// </summary>
    internal static string One(string collection) => collection + "/{id:regex(^[^.])}";

    internal static void AddScim(this IServiceCollection services)
    {
        services.AddSingleton<ScimTokenCache>();
        services.AddSingleton<PageCursors>();
        services.AddSingleton<ListResponder>();
        services.AddSingleton<UserWrites>();
        services.AddSingleton<GroupWrites>();
    }

    internal static void MapScim(this WebApplication app)
    {
        var scim = app.MapGroup("/scim/v2/{account}/{directory}").AddEndpointFilter<ScimAuthentication>();
        UserEndpoints.Map(scim);
        GroupEndpoints.Map(scim);
        SearchEndpoints.Map(scim);
        BulkEndpoints.Map(scim);
        DiscoveryEndpoints.Map(scim);
        app.MapScimDocument();
    }
}
