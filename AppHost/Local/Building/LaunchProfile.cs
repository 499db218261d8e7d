using System.Text.Json;

namespace LocalRuntime.Building;

/// <summary>One profile of a project's <c>Properties/launchSettings.json</c>.</summary>
internal sealed record LaunchProfile(string Name, IReadOnlyList<Uri> Urls, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The first profile that runs the project itself; null when there is none.</summary>
    internal static LaunchProfile? First(string projectPath) => All(projectPath).FirstOrDefault();

    internal static LaunchProfile Named(string projectPath, string name) =>
        All(projectPath).FirstOrDefault(profile => profile.Name == name)
        ?? throw new ArgumentException($"{projectPath} has no launch profile '{name}'.", nameof(name));

    private static List<LaunchProfile> All(string projectPath)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(file)) return [];
        using var settings = JsonDocument.Parse(File.ReadAllText(file), Lenient);
        return settings.RootElement.TryGetProperty("profiles", out var profiles)
            ? [.. profiles.EnumerateObject().Where(IsProject).Select(Parse)]
            : [];
    }

    private static bool IsProject(JsonProperty profile) =>
        profile.Value.TryGetProperty("commandName", out var command) && command.ValueEquals("Project");

    private static LaunchProfile Parse(JsonProperty profile)
    {
        var urls = profile.Value.TryGetProperty("applicationUrl", out var addresses) ? addresses.GetString() ?? "" : "";
        var variables = profile.Value.TryGetProperty("environmentVariables", out var pairs) ? pairs.EnumerateObject() : default;
        return new(
            profile.Name,
            [.. urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => new Uri(url))],
            variables.ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? ""));
    }
}
