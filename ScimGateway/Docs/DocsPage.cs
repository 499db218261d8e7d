using System.Buffers.Text;
using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace ScimGateway.Docs;

/// <summary>
/// <c>/docs</c>: both documents in one page to browse and try. Everything it needs is in the Scalar package and served from
/// here; the policy below has the browser refuse anything else, should a later version of the package ask for it. People
/// type their keys into this page, so scripts are bound to a nonce too.
/// </summary>
internal static class DocsPage
{
    private const string Path = "/docs";
    private const int NonceBytes = 16;

    public static void MapDocsPage(this IEndpointRouteBuilder app)
    {
        var page = app.MapScalarApiReference(Path, (options, context) =>
        {
            var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes));
            context.Response.Headers.ContentSecurityPolicy = Policy(nonce);
            options
                .WithNonce(nonce)
                .WithTitle("Provisioning: API reference")
                .AddDocument("api", "Admin API", DocsEndpoints.Api, isDefault: true)
                .AddDocument("scim", "SCIM 2.0", DocsEndpoints.Scim)
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideClientButton()
                .AddPreferredSecuritySchemes(["bearer"])
                .HideDeveloperTools()
                .WithDefaultHttpClient(ScalarTarget.Shell, ScalarClient.Curl);
        });
        page.AddEndpointFilter((context, next) =>
        {
            var headers = context.HttpContext.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            return next(context);
        });
    }

    /// <summary>Styles are Scalar's own, made by its script; there is no nonce for those.</summary>
    private static string Policy(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
