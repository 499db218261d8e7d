using DirectoryService.Admin.Access;
using DirectoryService.Protocol;

namespace DirectoryService.Scim;

/// <summary>
/// Authenticates SCIM requests. The token determines the directory (RFC 7644 §6.1): a path with other ids is answered with 404.
/// </summary>
internal sealed class ScimAuthentication(ScimTokenCache tokens) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var directory = await tokens.AuthenticateAsync(BearerToken.Read(http.Request.Headers.Authorization), http.RequestAborted)
            ?? throw ScimException.Unauthorized("The bearer token is missing, wrong, expired or revoked. Copy the token of this directory from the console (Access, Directory Services) into the identity provider.");
        if (!IsOwn(http, "account", directory.AccountId) || !IsOwn(http, "directory", directory.DirectoryId))
            throw ScimException.NotFound("There is no such directory for this token. Copy both the SCIM base URL and the token of the same directory.");
        http.Features.Set(directory);
        return await next(context);
    }

    private static bool IsOwn(HttpContext http, string key, Guid own) =>
        Guid.TryParse(http.GetRouteValue(key) as string, out var id) && id == own;
}
