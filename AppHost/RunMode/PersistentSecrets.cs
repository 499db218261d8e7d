using System.Text.Json;

namespace AppHost.RunMode;

/// <summary>
/// Stores generated secrets in one file beside the data that they protect, so that they are moved, copied and deleted with the
/// data, and no secret is regenerated while data with the old one exist.
/// </summary>
internal sealed class PersistentSecrets(string directory)
{
    internal const string FileName = "secrets.json";

    private readonly Lock gate = new();
    private readonly string path = Path.Combine(directory, FileName);

    /// <summary>The stored value, or a new one that is written to disk before it is returned.</summary>
    internal string GetOrCreate(string name, Func<string> create)
    {
        lock (gate)
        {
            var all = Load();
            if (all.TryGetValue(name, out var known)) return known;
            if (all.Count == 0 && ServersHaveData) throw new StartupException($"{path} is missing, but the data beside it need the passwords in it. Restore it, or begin anew with ./run --reset.");
            all[name] = create();
            Directory.CreateDirectory(directory);
            OwnerOnlyFile.Write(path, JsonSerializer.Serialize(all, Indented));
            return all[name];
        }
    }

    private bool ServersHaveData => Directory.Exists(directory) && Directory.EnumerateDirectories(directory)
        .Any(server => File.Exists(Path.Combine(server, "data", "PG_VERSION")) || Directory.Exists(Path.Combine(server, "mnesia"))
            || (Path.GetFileName(server).EndsWith("-container", StringComparison.Ordinal) && Directory.EnumerateFileSystemEntries(server).Any()));

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private SortedDictionary<string, string> Load()
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path)) ?? []
                : new SortedDictionary<string, string>(StringComparer.Ordinal);
        }
        catch (Exception error) when (error is JsonException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path}, which holds the generated passwords, cannot be read: {error.Message} Restore it, or begin anew with ./run --reset.", error);
        }
    }
}
