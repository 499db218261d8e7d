using System.Diagnostics.CodeAnalysis;

namespace DirectoryService.Scim;

/// <summary>What is read by GET is asked for by HEAD too: the same answer without its body, which the server leaves out (RFC 9110 §9.3.2).</summary>
internal static class GetAndHead
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    internal static void MapRead(this IEndpointRouteBuilder routes, [StringSyntax("Route")] string pattern, Delegate handler) => routes.MapMethods(pattern, Methods, handler);
}
