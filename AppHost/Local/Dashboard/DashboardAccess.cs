using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LocalRuntime.Dashboard;

/// <summary>
/// Who may talk to the dashboard. It starts and stops processes and shows their secrets, and any web page that the developer
/// visits can send requests to localhost; so, in this order:
/// 1. only under a name of this machine (a foreign name that resolves here is DNS rebinding);
/// 2. <c>/login?t=TOKEN</c> sets the cookie, the files under <c>/assets</c> are no secret;
/// 3. everything else needs the cookie or <c>Authorization: Bearer TOKEN</c>;
/// 4. with the cookie, what changes something must come from a page of this very origin. SameSite alone does not do: every
///    other port of localhost is the same site.
/// </summary>
internal static class DashboardAccess
{
    public const string LoginPath = "/login";
    public const string TokenParameter = "t";
    public const string AssetsPath = "/assets";

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void UseDashboardAccess(this IApplicationBuilder app, DashboardToken token) => app.Use(async (context, next) =>
    {
        SetSecurityHeaders(context.Response.Headers);
        if (!IsThisMachine(context.Request.Host))
        {
            await Problems.Of(StatusCodes.Status400BadRequest, "The dashboard answers only as localhost or 127.0.0.1.").ExecuteAsync(context);
        }
        else if (context.Request.Path == LoginPath)
        {
            await SignInAsync(context, token);
        }
        else if (context.Request.Path.StartsWithSegments(AssetsPath, StringComparison.Ordinal) || HasBearer(context.Request, token))
        {
            await next(context);
        }
        else if (!token.IsCookie(context.Request.Cookies[CookieName(context.Request)]))
        {
            await AskToSignInAsync(context);
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !ComesFromOwnPage(context.Request))
        {
            await Problems.Of(StatusCodes.Status403Forbidden, "A command must come from the dashboard's own page, or carry the token as a bearer.").ExecuteAsync(context);
        }
        else
        {
            await next(context);
        }
    });

    private static void SetSecurityHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    /// <summary>Any port: a forwarded one differs from the one listened on.</summary>
    private static bool IsThisMachine(HostString host) => host.Host is "localhost" or "127.0.0.1" or "[::1]";

    private static bool HasBearer(HttpRequest request, DashboardToken token) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && token.IsToken(header["Bearer ".Length..]);

    private static bool ComesFromOwnPage(HttpRequest request) =>
        request.Headers.Origin.ToString() == $"{request.Scheme}://{request.Host}";

    /// <summary>By port, because browsers do not tell ports apart: two dashboards would sign each other out.</summary>
    private static string CookieName(HttpRequest request) => $"dashboard-{request.Host.Port ?? 80}";

    private static async Task SignInAsync(HttpContext context, DashboardToken token)
    {
        if (!token.IsToken(context.Request.Query[TokenParameter]))
        {
            await DashboardPages.WriteLoginAsync(context, "This token does not fit. The AppHost prints the right one when it starts.");
            return;
        }

        context.Response.Cookies.Append(CookieName(context.Request), token.CookieValue, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
        // Not a redirect: after a click in a terminal that is itself a web page the browser takes the redirect for a
        // cross-site request and withholds the cookie. A refresh starts anew, from here, and leaves no token in the history.
        context.Response.Headers["Refresh"] = "0; url=/";
        await DashboardPages.WriteAsync(context, "signed-in.html");
    }

    private static async Task AskToSignInAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await Problems.Of(StatusCodes.Status401Unauthorized, "Sign in, or send the dashboard's token as a bearer.").ExecuteAsync(context);
            return;
        }

        await DashboardPages.WriteLoginAsync(context, "The AppHost prints a link that signs you in, and the token in it, when it starts.");
    }
}
