namespace ScimGateway.Landing;

/// <summary><c>/</c>: a short page for people who open the address in a browser.</summary>
internal static class LandingPage
{
    private const string Html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>User provisioning</title>
        <style>
        body { font: 1rem/1.6 system-ui, sans-serif; max-width: 42rem; margin: 4rem auto; padding: 0 1rem; color: #1b1b1f; background: #fff }
        code { background: #f0f0f4; padding: .1rem .3rem; border-radius: .25rem; overflow-wrap: anywhere }
        dt { font-weight: 600; margin-top: 1rem } dd { margin: 0 }
        @media (prefers-color-scheme: dark) { body { color: #e4e4ea; background: #18181c } code { background: #2a2a31 } }
        </style>
        </head>
        <body>
        <main>
        <h1>User provisioning</h1>
        <p>Identity providers send users and groups here by SCIM 2.0; licenses and policies follow them.</p>
        <dl>
        <dt>SCIM</dt>
        <dd><code>/scim/v2/{account id}/{directory id}</code> with the directory's token. Each directory shows its own address.</dd>
        <dt>API</dt>
        <dd><code>/api/v1</code> with an API key, for example <code>/api/v1/directories</code>.</dd>
        <dt>Reference</dt>
        <dd><a href="/docs">Both, to browse and to try</a>; as OpenAPI: <a href="/openapi/scim.json"><code>/openapi/scim.json</code></a>,
        <a href="/openapi/api.json"><code>/openapi/api.json</code></a>.</dd>
        <dt>Health</dt>
        <dd><a href="/health"><code>/health</code></a></dd>
        </dl>
        </main>
        </body>
        </html>
        """;

    public static void MapLandingPage(this IEndpointRouteBuilder app) => app.MapGet("/", (HttpContext context) =>
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Content(Html, "text/html; charset=utf-8");
    });
}
