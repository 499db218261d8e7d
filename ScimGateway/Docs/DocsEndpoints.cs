using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using ScimGateway.Replicas;
using ScimGateway.Routing;
using ServiceDefaults.OpenApi;

namespace ScimGateway.Docs;

/// <summary>
/// <c>/openapi/scim.json</c>, <c>/openapi/api.json</c> and the page <c>/docs</c> that shows both. They are public because they contain no data.
/// </summary>
internal static class DocsEndpoints
{
    public const string Scim = "/openapi/scim.json";
    public const string Api = "/openapi/api.json";

    /// <summary>The internal path of the SCIM document at the directory service.</summary>
    private const string ScimPart = "/internal/openapi/scim.json";

    public static void AddDocs(this IServiceCollection services)
    {
        services.AddSingleton<ServiceCall>();
        services.AddSingleton<ServiceDocuments>();
        services.AddKeyedSingleton(Scim, (provider, _) => new CachedDocument(
            () => ScimAsync(provider.GetRequiredService<ServiceDocuments>()), provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton(Api, (provider, _) => new CachedDocument(
            () => ApiAsync(provider.GetRequiredService<ServiceDocuments>()), provider.GetRequiredService<TimeProvider>()));
    }

    public static void MapDocs(this IEndpointRouteBuilder app)
    {
        app.MapGet(Scim, ([FromKeyedServices(Scim)] CachedDocument document, CancellationToken cancellationToken) => ShowAsync(document, cancellationToken));
        app.MapGet(Api, ([FromKeyedServices(Api)] CachedDocument document, CancellationToken cancellationToken) => ShowAsync(document, cancellationToken));
        app.MapDocsPage();
    }

    private static async Task<Results<FileContentHttpResult, StatusCodeHttpResult>> ShowAsync(CachedDocument document, CancellationToken cancellationToken) =>
        await document.GetAsync(cancellationToken) is { Json: { } json } edition
            ? TypedResults.Bytes(json, "application/json; charset=utf-8", entityTag: edition.Tag)
            // ErrorResponses writes the body.
            : TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);

    private static async Task<(JsonObject, bool)?> ScimAsync(ServiceDocuments services) =>
        await services.AskAsync(RouteTable.Directory, ScimPart) is { Document: { } document } part ? (document, !part.IsAway) : null;

    private static async Task<(JsonObject, bool)?> ApiAsync(ServiceDocuments services)
    {
        var parts = await Task.WhenAll(RouteTable.ApiServices.Select(service => services.AskAsync(service, AdminApiDocument.Path)));
        return (ApiDocument.Merge(parts), !parts.Any(part => part.IsAway));
    }
}
