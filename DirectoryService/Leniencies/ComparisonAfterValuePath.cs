namespace DirectoryService.Leniencies;

/// <summary>
/// A comparison after a value path, which the RFC's grammar allows only in PATCH paths. Entra ID, matching by address:
/// <code>GET /Users?filter=emails[type eq "work"].value eq "ada@example.com"</code>
/// One element must satisfy both.
/// </summary>
internal static class ComparisonAfterValuePath
{
    internal static bool Use()
    {
        LeniencyRegistry.RecordUse(nameof(ComparisonAfterValuePath));
        return true;
    }
}
