using System.Globalization;

namespace LocalRuntime.Native;

/// <summary>The versions of PostgreSQL on this machine, and which of them opens a given cluster.</summary>
internal static class PostgresBinaries
{
    /// <summary>The migrations say NULLS NOT DISTINCT, and the server is told to press its log with lz4.</summary>
    private const int Oldest = 15;
    private const string DebianRoot = "/usr/lib/postgresql";
    private const string Install = "Install it (Debian: apt-get install postgresql) or start the system with ./run, which does.";

    /// <summary>Directory of <c>postgres</c> and <c>initdb</c> that fits the cluster, or the newest for a new one.</summary>
    /// <param name="clusterVersion">Content of its PG_VERSION, null for a new one.</param>
    internal static string Choose(string? clusterVersion, string clusterDirectory) => Choose(Installed(), clusterVersion, clusterDirectory);

    internal static string Choose(IReadOnlyDictionary<int, string> installed, string? clusterVersion, string clusterDirectory)
    {
        if (installed.Count == 0) throw new StartupException($"PostgreSQL {Oldest} or later is not installed. {Install}");
        if (clusterVersion is null) return installed[installed.Keys.Max()];
        return int.TryParse(clusterVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var major) && installed.TryGetValue(major, out var binaries)
            ? binaries
            : throw new StartupException(
                $"The data in {clusterDirectory} were written by PostgreSQL {clusterVersion}; installed here: {string.Join(", ", installed.Keys.Order())}. "
                + $"Install postgresql-{clusterVersion}, or begin anew with ./run --reset.");
    }

    private static Dictionary<int, string> Installed()
    {
        var found = new Dictionary<int, string>();
        if (!Directory.Exists(DebianRoot)) return found;
        foreach (var directory in Directory.GetDirectories(DebianRoot))
        {
            var binaries = Path.Combine(directory, "bin");
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
                && major >= Oldest && File.Exists(Path.Combine(binaries, "postgres")) && File.Exists(Path.Combine(binaries, "initdb")))
                found[major] = binaries;
        }

        return found;
    }
}
