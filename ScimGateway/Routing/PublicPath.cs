namespace ScimGateway.Routing;

/// <summary>Which face of the system a public path belongs to; it decides the shape of errors.</summary>
internal static class PublicPath
{
    public static bool IsScim(PathString path) => path.StartsWithSegments("/scim", StringComparison.OrdinalIgnoreCase);

    public static bool IsAdminApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
