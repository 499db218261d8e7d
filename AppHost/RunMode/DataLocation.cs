using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AppHost.RunMode;

/// <summary>
/// Directories in which one system keeps its data.
/// <para><see cref="State"/>: state of the AppHost (processes, ports): <c>.data/</c> of the repository or <c>PROVISIONING_DATA</c>.</para>
/// <para><see cref="Servers"/>: the servers' data and their secrets. The same directory, unless the servers' accounts cannot
/// access it (a clone under a private home, started as root): then one under /var/lib.</para>
/// </summary>
internal sealed record DataLocation(string State, string Servers)
{
    internal const string Variable = "PROVISIONING_DATA";
    private static readonly string[] FileNames = ["location", "apphost.json", "apphost.lock", "apphost.log", "ports.json", "endpoints.json"];
    /// <summary>Resources with data, each in a subdirectory.</summary>
    internal static readonly string[] ServerNames = ["postgres", "messaging", "postgres-container", "messaging-container"];
    private const string Fallback = "/var/lib/provisioning";

    /// <param name="wanted">The value of <c>PROVISIONING_DATA</c>, if any.</param>
    internal static DataLocation Of(string appHostDirectory, string? wanted) =>
        Resolve(Path.GetFullPath(string.IsNullOrEmpty(wanted) ? Path.Combine(appHostDirectory, "..", ".data") : wanted), Environment.IsPrivilegedProcess);

    internal static DataLocation Resolve(string state, bool serversAreOthers) =>
        new(state, !serversAreOthers || IsWorldTraversable(state) ? state : Path.Combine(Fallback, Hash(state)));

    internal string File(string name) => Path.Combine(State, name);

    /// <summary>All other files that the system, its AppHost and <c>./run</c> write here.</summary>
    internal IEnumerable<string> OwnFiles =>
        FileNames.Select(File).Append(Path.Combine(Servers, PersistentSecrets.FileName)).Where(System.IO.File.Exists);

    internal string Server(string resource) => Path.Combine(Servers, resource);

    /// <summary>Creates the directories, and the file <c>location</c> with the path of the servers' data.</summary>
    internal void Create()
    {
        try
        {
            Directory.CreateDirectory(State);
            Directory.CreateDirectory(Servers);
            System.IO.File.WriteAllText(File("location"), Servers + "\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory cannot be used: {error.Message} Choose another with {Variable}.", error);
        }
    }

    private static bool IsWorldTraversable(string path)
    {
        for (var directory = new DirectoryInfo(path); directory is not null; directory = directory.Parent)
            if (directory.Exists && !directory.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) return false;
        return true;
    }

    private static string Hash(string path) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12].ToLower(CultureInfo.InvariantCulture);
}
