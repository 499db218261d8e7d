using ServiceDefaults.Access;

namespace LicenseService.Admin;

/// <summary>The default and the largest number of items of a page.</summary>
internal static class PageSizes
{
    internal static PageLimit Of(int? limit, int most = 1_000, int standard = 100) => PageLimit.Of(limit, most, standard);
}
