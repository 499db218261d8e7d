using System.Reflection;
using System.Security.Cryptography;

namespace Testing;

/// <summary>
/// Migrations that a release has run on customers' data. The journal in their databases knows each by its embedded name: a script
/// under another name would run again, and a changed one would not run at all.
/// </summary>
public static class LandedMigrations
{
    private const string List = "tests/Testing/landed-migrations.txt";

    /// <summary>What is wrong with the migrations that the assembly embeds; empty when every landed one is there, unchanged.</summary>
    /// <param name="scripts">A service's assembly.</param>
    public static IReadOnlyList<string> FaultsOf(Assembly scripts)
    {
        var landed = File.ReadLines(Path.Combine(Repository.Root, List)).Where(line => !line.StartsWith('#')).Select(line => line.Split("  "))
            .Where(parts => parts[1].StartsWith(scripts.GetName().Name + ".", StringComparison.Ordinal)).ToDictionary(parts => parts[1], parts => parts[0]);
        if (landed.Count == 0) return [$"{List} lists no migration of {scripts.GetName().Name}."];
        var embedded = scripts.GetManifestResourceNames().Where(name => name.Contains(".Migrations.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var last = landed.Keys.Max(StringComparer.Ordinal)!;
        return
        [
            .. landed.Keys.Where(name => !embedded.Contains(name)).Select(name => $"{name} is missing, or has another name."),
            .. landed.Where(each => embedded.Contains(each.Key) && HashOf(scripts, each.Key) != each.Value).Select(each => $"{each.Key} has changed."),
            .. embedded.Where(name => !landed.ContainsKey(name) && string.CompareOrdinal(name, last) < 0).Select(name => $"{name} would run before {last}, which has landed."),
        ];
    }

    private static string HashOf(Assembly scripts, string name)
    {
        using var script = scripts.GetManifestResourceStream(name)!;
        return Convert.ToHexStringLower(SHA256.HashData(script));
    }
}
