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

    internal static Dictionary<string, string> Read()
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => !Array.Exists(Withheld, prefix => ((string)variable.Key).StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        // Behind a proxy the services still reach each other directly.
        environment["NO_PROXY"] = environment["no_proxy"] = string.Join(',', new[] { environment.GetValueOrDefault("NO_PROXY") ?? environment.GetValueOrDefault("no_proxy"), "localhost", "127.0.0.1" }
            .Where(hosts => !string.IsNullOrEmpty(hosts)));
        return environment;
    }
}
