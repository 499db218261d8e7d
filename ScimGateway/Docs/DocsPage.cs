using System.Buffers.Text;
using System.Security.Cryptography;
using Scalar.AspNetCore;

namespace ScimGateway.Docs;

/// <summary>
/// <c>/docs</c>: one page to browse and try both documents. All its files are in the Scalar package and are served by the
/// gateway. The Content-Security-Policy below blocks everything else, also if a later version of the package requests it.
/// People type API keys into this page, so scripts need a nonce too.
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

    /// <summary>Styles are created by Scalar's script, which gives them no nonce; hence unsafe-inline for styles.</summary>
    private static string Policy(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
