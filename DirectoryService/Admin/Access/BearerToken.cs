using Microsoft.Extensions.Primitives;

namespace DirectoryService.Admin.Access;

internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token of an Authorization header; null when there is none, or several.</summary>
    internal static string? Read(StringValues authorization) =>
        authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? header[Scheme.Length..].Trim()
            : null;
}
