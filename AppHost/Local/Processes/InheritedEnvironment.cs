using System.Collections;

namespace LocalRuntime.Processes;

/// <summary>
/// What a service gets of the AppHost's own environment: all of it, but for what configures ASP.NET Core, telemetry and
/// this system, which would otherwise leak from the AppHost's launch profile or the user's shell into every service.
/// </summary>
internal static class InheritedEnvironment
{
    private static readonly string[] Withheld =
        ["ASPNETCORE_", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE", "DOTNET_URLS", "ASPIRE_", "OTEL_", "ConnectionStrings__", "services__", "PROVISIONING_", "Parameters__", "URLS"];

    internal static Dictionary<string, string> Read() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => !Array.Exists(Withheld, prefix => ((string)variable.Key).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
