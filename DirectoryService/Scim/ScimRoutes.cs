using DirectoryService.OpenApi;

namespace DirectoryService.Scim;

/// <summary>The SCIM face of the service, one route table.</summary>
internal static class ScimRoutes
{
    /// <summary>
    /// One resource of a collection. An id begins with no dot: <c>/.search</c> beside it is another resource, with methods of its own.
    /// </summary>
    internal static string One(string collection) => collection + "/{id:regex(^[^.])}";

    internal static void AddScim(this IServiceCollection services)
    {
        services.AddSingleton<TokenCache>();
        services.AddSingleton<Cursors>();
        services.AddSingleton<Lists>();
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
