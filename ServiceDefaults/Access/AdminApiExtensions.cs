using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Contracts.Events.V1;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.OpenApi;
using ServiceDefaults.Storage;

namespace ServiceDefaults.Access;

/// <summary>Authentication, authorization and problem details of <c>/api/v1</c>, the same in every service.</summary>
public static class AdminApiExtensions
{
    /// <summary>
    /// Adds authentication, authorization and problem details. Public keys are fetched from <c>http://directory</c> by service
    /// discovery, unless <paramref name="localKeys"/> provides them (in the directory service).
    /// </summary>
    public static void AddAdminApi(this IHostApplicationBuilder builder, Func<IServiceProvider, ISigningKeySource>? localKeys = null)
    {
        builder.Services.AddAdminApiDocument();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = DefaultProblemDetail.Add);
        // In production too; otherwise the answer to an unreadable body would not say what is wrong.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // Unknown members of a body are refused, not ignored.
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
        });
        // After each service has added its own type information.
        builder.Services.PostConfigure<JsonOptions>(options =>
            options.SerializerOptions.TypeInfoResolver = options.SerializerOptions.TypeInfoResolver?.WithAddedModifier(HideTraces));
        builder.Services.AddHttpClient(JwksKeySource.ClientName, client => client.BaseAddress = new Uri("http://directory"));
        builder.Services.AddSingleton(localKeys ?? (services => ActivatorUtilities.CreateInstance<JwksKeySource>(services)));
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<Microsoft.Extensions.Options.IConfigureOptions<JwtBearerOptions>, AccessTokenValidation>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(AccessPolicy.Read, policy => policy.RequireRole(AdminRole.Owner, AdminRole.Admin, AdminRole.Auditor))
            .AddPolicy(AccessPolicy.Write, policy => policy.RequireRole(AdminRole.Owner, AdminRole.Admin))
            .AddPolicy(AccessPolicy.Own, policy => policy.RequireRole(AdminRole.Owner));
    }

    /// <summary>A fact carries the trace of its request in its actor; callers of the API get only who it was.</summary>
    private static void HideTraces(JsonTypeInfo type)
    {
        if (type.Type != typeof(Actor)) return;
        foreach (var trace in type.Properties.Where(property => string.Equals(property.Name, nameof(Actor.TraceParent), StringComparison.OrdinalIgnoreCase)).ToList())
            type.Properties.Remove(trace);
    }

    /// <summary>
    /// Adds the middlewares: problem details for exceptions and empty error responses, then authentication and authorization.
    /// </summary>
    public static void UseAdminApi(this WebApplication app)
    {
        app.UseAdminApiErrors();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Problem details only, for a service whose other APIs have error formats of their own.</summary>
    public static void UseAdminApiErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = error => error switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                _ when TransientDatabaseFault.IsTransient(error) => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
            // Invalid requests are not logged as errors.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException { StatusCode: < 500 },
        });
        app.UseStatusCodePages();
    }

    /// <summary>
    /// Maps the group <c>/api/v1</c>. Every role may read; endpoints that write require more. Endpoints of the group appear in
    /// <see cref="AdminApiDocument"/>.
    /// </summary>
    public static RouteGroupBuilder MapAdminApi(this IEndpointRouteBuilder app)
    {
        app.MapAdminApiDocument();
        return app.MapGroup("/api/v1").RequireAuthorization(AccessPolicy.Read).WithQueryCheck();
    }
}
