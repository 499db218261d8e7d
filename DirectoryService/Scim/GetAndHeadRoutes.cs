using System.Diagnostics.CodeAnalysis;

namespace DirectoryService.Scim;

/// <summary>Maps a handler for GET and HEAD. For HEAD the server omits the body (RFC 9110 §9.3.2).</summary>
internal static class GetAndHeadRoutes
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    internal static void MapRead(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => routes.MapMethods(pattern, Methods, handler);
}
