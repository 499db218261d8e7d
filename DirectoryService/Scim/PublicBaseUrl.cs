namespace DirectoryService.Scim;

/// <summary>Builds public URLs with the scheme and host that the client used, which the gateway passes on.</summary>
internal static class PublicBaseUrl
{
    internal static string ScimBase(HttpRequest request, Guid accountId, Guid directoryId) =>
        $"{request.Scheme}://{request.Host}/scim/v2/{accountId}/{directoryId}";
}
