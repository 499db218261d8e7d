using System.Text.Json;
using System.Text.Json.Serialization;

namespace AppHost.RunMode;

/// <summary>
/// <c>apphost.json</c>: the state of the running system, for <c>./run --status</c>, for tools, and for the next start after a kill.
/// </summary>
internal sealed record SystemState
{
    private const string FileName = "apphost.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    public required ProcessIdentity AppHost { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>URL of the dashboard with its sign-in token.</summary>
    public string? Dashboard { get; init; }

    /// <summary>Why the start failed.</summary>
    public string? Failure { get; init; }

    public IReadOnlyList<ResourceStatus> Resources { get; init; } = [];

    /// <summary>All known processes of the AppHost that have not ended.</summary>
    public IReadOnlyList<ProcessIdentity> Processes { get; init; } = [];

    [JsonIgnore]
    public bool IsHealthy => Failure is null && Resources.Count > 0 && Resources.All(resource => resource.IsFine);

    /// <summary>Reads the file; null when there is none, or it has another format.</summary>
    internal static SystemState? Read(DataLocation data)
    {
        try
        {
            return JsonSerializer.Deserialize<SystemState>(File.ReadAllText(data.File(FileName)), Format);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    internal void Write(DataLocation data) => OwnerOnlyFile.Write(data.File(FileName), ToJson());

    internal string ToJson() => JsonSerializer.Serialize(this, Format);
}
