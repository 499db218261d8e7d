using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace LocalRuntime.Dashboard;

/// <summary>The files of <c>Dashboard/Web</c>, which are embedded. One page serves every view; its script reads the path.</summary>
internal static class DashboardPages
{
    private const string Prefix = "dashboard/";
    private static readonly FrozenDictionary<string, Page> Pages = Load();

    public static void MapDashboardPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", ShowApp);
        routes.MapGet("/resources/{name}", ShowApp);
        routes.MapGet("/logs/{name?}", ShowApp);
        routes.MapGet(DashboardAccess.AssetsPath + "/{file}", ShowAsset);
    }

    public static async Task WriteAsync(HttpContext context, string file)
    {
        context.Response.ContentType = Pages[file].ContentType;
        await context.Response.Body.WriteAsync(Pages[file].Content, context.RequestAborted);
    }

    public static async Task WriteLoginAsync(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.ContentType = Pages["login.html"].ContentType;
        var page = Encoding.UTF8.GetString(Pages["login.html"].Content).Replace("{message}", WebUtility.HtmlEncode(message), StringComparison.Ordinal);
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static Task ShowApp(HttpContext context) => WriteAsync(context, "index.html");

    private static Results<FileContentHttpResult, NotFound> ShowAsset(string file, HttpResponse response)
    {
        if (!Pages.TryGetValue(file, out var page)) return TypedResults.NotFound();
        response.Headers.CacheControl = "no-cache"; // ask every time, answered by 304: a new build shows at once
        return TypedResults.Bytes(page.Content, page.ContentType, entityTag: page.Tag);
    }

    private static FrozenDictionary<string, Page> Load()
    {
        var assembly = typeof(DashboardPages).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Prefix.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new Page(content, ContentTypeOf(name), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8))}\""));
            });
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"{name}: no content type is known for {other}."),
    };

    private sealed record Page(byte[] Content, string ContentType, EntityTagHeaderValue Tag);
}
