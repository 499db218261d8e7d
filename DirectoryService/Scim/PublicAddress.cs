namespace DirectoryService.Scim;

/// <summary>Addresses as clients see them: the gateway passes on the scheme and host that they used.</summary>
internal static class PublicAddress
{
    internal static string ScimBase(HttpRequest request, Guid accountId, Guid directoryId) =>
        $"{request.Scheme}://{request.Host}/scim/v2/{accountId}/{directoryId}";
}
