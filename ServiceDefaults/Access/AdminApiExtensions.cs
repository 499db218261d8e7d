using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
    /// Adds them. Public keys come from <c>http://directory</c> by service discovery, unless
    /// <paramref name="localKeys"/> has them at hand (the directory service itself).
    /// </summary>
    public static void AddAdminApi(this IHostApplicationBuilder builder, Func<IServiceProvider, ISigningKeySource>? localKeys = null)
    {
        builder.Services.AddAdminApiDocument();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = DefaultDetail.Add);
        // In production too: else a body that cannot be read is answered without a word of what is wrong with it.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // What a body has is applied or refused, never ignored.
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.AllowDuplicateProperties = false;
        });
        builder.Services.AddHttpClient(JwksKeySource.ClientName, client => client.BaseAddress = new Uri("http://directory"));
        builder.Services.AddSingleton(localKeys ?? (services => ActivatorUtilities.CreateInstance<JwksKeySource>(services)));
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddSingleton<Microsoft.Extensions.Options.IConfigureOptions<JwtBearerOptions>, AccessTokenValidation>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(AccessPolicy.Read, policy => policy.RequireRole(AdminRole.Owner, AdminRole.Admin, AdminRole.Auditor))
            .AddPolicy(AccessPolicy.Write, policy => policy.RequireRole(AdminRole.Owner, AdminRole.Admin))
            .AddPolicy(AccessPolicy.Own, policy => policy.RequireRole(AdminRole.Owner));
    }

    /// <summary>Exceptions and empty error answers become problem details; then authentication and authorization.</summary>
    public static void UseAdminApi(this WebApplication app)
    {
        app.UseAdminApiErrors();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>The first half alone, for a service whose other faces have errors of their own form.</summary>
    public static void UseAdminApiErrors(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = error => error switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                _ when TransientFault.Passes(error) => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
            // A caller's mistake is no error of ours.
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException { StatusCode: < 500 },
        });
        app.UseStatusCodePages();
    }

    /// <summary>
    /// The group <c>/api/v1</c>: any role may read; endpoints that write ask for more. What is mapped on it describes itself
    /// in <see cref="AdminApiDocument"/>.
    /// </summary>
    public static RouteGroupBuilder MapAdminApi(this IEndpointRouteBuilder app)
    {
        app.MapAdminApiDocument();
        return app.MapGroup("/api/v1").RequireAuthorization(AccessPolicy.Read).WithQueryCheck();
    }
}
