namespace ScimGateway.Routing;

/// <summary>Classifies a public path (SCIM, admin API, other); this decides the form of errors.</summary>
internal static class PublicPath
{
    public static bool IsScim(PathString path) => path.StartsWithSegments("/scim", StringComparison.OrdinalIgnoreCase);

    public static bool IsAdminApi(PathString path) => path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
