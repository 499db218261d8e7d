using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdpSimulator.Cli;

/// <summary>What <c>./run</c> writes to <c>.data/endpoints.json</c>.</summary>
public sealed record SystemEndpoints(Uri Gateway, string AdminApiKey, IReadOnlyList<DirectoryEndpoint> Directories, Uri? Dashboard = null)
{
    public const string Variable = "PROVISIONING_ENDPOINTS";

    /// <summary>The file that <paramref name="path"/> or the variable names, or the next <c>.data/endpoints.json</c> upward.</summary>
    public static string? Find(string? path, string from)
    {
        if ((path ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named) return named;
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, ".data", "endpoints.json");
            if (File.Exists(candidate)) return candidate;
        }
        return null;
    }

    /// <summary>The endpoints that the command line means.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    internal static async Task<(string File, SystemEndpoints Endpoints)> OfAsync(Options options, CancellationToken cancellationToken)
    {
        var file = Find(options.Endpoints, Environment.CurrentDirectory)
            ?? throw new UsageException("No .data/endpoints.json from here upward. Start the system with ./run, or name the file with --endpoints, or one directory with --base-url and --token.");
        if (!File.Exists(file)) throw new UsageException($"{file} does not exist. Start the system with ./run, which writes it.");
        return (file, await ReadAsync(file, cancellationToken));
    }

    public static async Task<SystemEndpoints> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync(file, EndpointsJson.Default.SystemEndpoints, cancellationToken)
            ?? throw new JsonException("The file is empty.");
    }
}

public sealed record DirectoryEndpoint(Guid Id, string Name, string Provider, Uri BaseUrl, string Token);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SystemEndpoints))]
internal sealed partial class EndpointsJson : JsonSerializerContext;
