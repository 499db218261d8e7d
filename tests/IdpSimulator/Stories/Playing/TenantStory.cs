using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdpSimulator.Stories.Playing;

/// <summary>A tenant's life as data: who there is, and what happens to whom in which order. Files are in Stories/Data.</summary>
/// <param name="Name">For people.</param>
/// <param name="Users">Parts of the users by name, in percent, each at least one user; the rest are <c>others</c>.</param>
/// <param name="Groups">The same of the groups.</param>
/// <param name="Steps">In order.</param>
internal sealed record TenantStory(string Name, IReadOnlyDictionary<string, int> Users, IReadOnlyDictionary<string, int> Groups, IReadOnlyList<TenantStep> Steps)
{
    /// <exception cref="JsonException">It is no story.</exception>
    public static TenantStory Parse(string json) => Checked(JsonSerializer.Deserialize(json, StoryJson.Default.TenantStory) ?? throw new JsonException("The story is empty."));

    /// <param name="name">Of a file in Stories/Data, without its ending.</param>
    public static async Task<TenantStory> LoadAsync(string name, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(typeof(TenantStory).Assembly.GetManifestResourceStream($"Stories/{name}.json")
            ?? throw new ArgumentException($"There is no story {name}.", nameof(name)));
        return Parse(await reader.ReadToEndAsync(cancellationToken));
    }

    private static TenantStory Checked(TenantStory story)
    {
        foreach (var step in story.Steps)
        {
            var known = (step.Users, step.Groups) switch
            {
                ({ }, null) => step.Console is not null || UserActions.All.ContainsKey(step.Do ?? ""),
                (null, { }) => step.Console is not null || GroupActions.All.ContainsKey(step.Do ?? ""),
                (null, null) => TenantActions.All.ContainsKey(step.Do ?? ""),
                _ => false,
            };
            if (!known || step.Do is null == step.Console is null) throw new JsonException($"Step '{step}' is none that can be played.");
            var stranger = step.Users?.Except([.. story.Users.Keys, StoryParts.All, StoryParts.Others]).FirstOrDefault()
                ?? step.Groups?.Except([.. story.Groups.Keys, StoryParts.All, StoryParts.Others]).FirstOrDefault();
            if (stranger is not null) throw new JsonException($"Step '{step}' names {stranger}, which is no part of the tenant.");
        }
        return story;
    }
}

/// <param name="Do">What the provider or the license and policy admin does.</param>
/// <param name="Console">Or what an admin does to users or groups in the console.</param>
/// <param name="Users">To which users; null: to groups, or to the tenant as a whole.</param>
/// <param name="Groups">To which groups.</param>
internal sealed record TenantStep(string? Do = null, Expectations.ConsoleAction? Console = null, IReadOnlyList<string>? Users = null, IReadOnlyList<string>? Groups = null)
{
    public override string ToString() => (Console is { } action ? $"console {action}" : Do) + Whom("users", Users) + Whom("groups", Groups);

    private static string Whom(string what, IReadOnlyList<string>? names) => names is null ? "" : $" {what} {string.Join(", ", names)}";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TenantStory))]
internal sealed partial class StoryJson : JsonSerializerContext;
