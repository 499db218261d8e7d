using System.Text.Json;

namespace AppHost.Demo;

/// <summary><c>endpoints.json</c>: URLs, keys and tokens of the running system, for tools. The file contains secrets.</summary>
internal sealed record EndpointsFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Gateway { get; init; }
    public string? Console { get; init; }
    public string? Dashboard { get; init; }
    public required string Account { get; init; }
    public required string AdminApiKey { get; init; }
    public IReadOnlyList<DirectoryEndpoint> Directories { get; init; } = [];

    /// <summary>Reads the file of an earlier start; null when there is none or it cannot be parsed.</summary>
    internal static async Task<EndpointsFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<EndpointsFile>(await File.ReadAllTextAsync(path, cancellationToken), Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file atomically, readable by its owner only.</summary>
    internal async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var fresh = path + ".new";
        File.Delete(fresh);
        var ownerOnly = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) ownerOnly.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var writer = new StreamWriter(fresh, ownerOnly)) await writer.WriteAsync(JsonSerializer.Serialize(this, Format).AsMemory(), cancellationToken);
        File.Move(fresh, path, overwrite: true);
    }
}

/// <param name="BaseUrl">For the SCIM client, without a slash at the end.</param>
internal sealed record DirectoryEndpoint(Guid Id, string Name, string Provider, string BaseUrl, string Token);
