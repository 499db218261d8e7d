using ServiceDefaults.Access;

namespace LicenseService.Admin;

/// <summary>How many items a list of this service may have in one answer.</summary>
internal static class Page
{
    internal static PageLimit Of(int? limit, int most = 1_000, int standard = 100) => PageLimit.Of(limit, most, standard);
}
