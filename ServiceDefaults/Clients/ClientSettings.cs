using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.Hosting;

/// <summary>Settings that Aspire's client integrations read, from the same keys.</summary>
internal sealed record ClientSettings(string ConnectionString, bool DisableHealthChecks, bool DisableTracing)
{
    internal static ClientSettings Read(IConfiguration configuration, string section, string name)
    {
        string? Get(string key) => configuration[$"{section}:{name}:{key}"] ?? configuration[$"{section}:{key}"];
        var connection = configuration.GetConnectionString(name) ?? Get("ConnectionString");
        if (string.IsNullOrWhiteSpace(connection))
            throw new InvalidOperationException(
                $"No connection string '{name}'. Set ConnectionStrings__{name} (the AppHost does so), or {section}:{name}:ConnectionString.");
        return new(connection, IsTrue(Get("DisableHealthChecks")), IsTrue(Get("DisableTracing")));
    }

    private static bool IsTrue(string? value) => bool.TryParse(value, out var flag) && flag;
}
