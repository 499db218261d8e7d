using Microsoft.Extensions.Configuration;

namespace AppHost.RunMode;

internal static class DashboardAddress
{
    /// <summary>URL of the dashboard with its sign-in token; null when there is none.</summary>
    internal static string? Of(IConfiguration configuration) =>
        configuration["ASPNETCORE_URLS"]?.Split(';')[0] is { Length: > 0 } url
            ? configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{url}/login?t={token}" : url
            : null;
}
