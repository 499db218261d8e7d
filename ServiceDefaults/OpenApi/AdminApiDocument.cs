using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ServiceDefaults.OpenApi;

/// <summary>
/// The OpenAPI document of a service's part of <c>/api/v1</c>, generated from its endpoints. It is internal; the gateway merges
/// the documents of all services.
/// </summary>
public static class AdminApiDocument
{
    public const string Path = "/internal/openapi/api.json";
    internal const string Bearer = "bearer";
    private const string Name = "api";

    public static void AddAdminApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = endpoint => endpoint.RelativePath?.StartsWith("api/v1/", StringComparison.OrdinalIgnoreCase) == true;
        options.CreateSchemaReferenceId = SchemaNames.Of;
        options.AddSchemaTransformer(SchemaDescriptions.AddAsync);
        options.AddOperationTransformer(OperationDescriptions.AddAsync);
        options.AddOperationTransformer(ProblemResponses.AddAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Admin API", Version = "v1" };
            // The internal address of the service means nothing to clients.
            document.Servers = [new OpenApiServer { Url = "/" }];
            document.Tags = null;
            document.AddComponent(Bearer, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key (`prov_…`) of the account. An owner makes one with POST /api/v1/api-keys; it is shown once.",
            });
            document.AddComponent(ProblemResponses.Schema, ProblemResponses.Definition());
            OpenResponseSchemas.Open(document);
            return Task.CompletedTask;
        });
    });

    public static void MapAdminApiDocument(this IEndpointRouteBuilder app) =>
        app.MapOpenApi("/internal/openapi/{documentName}.json").AllowAnonymous();
}
