using IdpSimulator.Comparison;
using IdpSimulator.Providers;

namespace IdpSimulator.Stories.Playing;

/// <summary>What a story can do to the tenant as a whole.</summary>
internal static class TenantActions
{
    public delegate Task Action(StoryContext scene, CancellationToken cancellationToken);

    public static IReadOnlyDictionary<string, Action> All { get; } = new Dictionary<string, Action>(StringComparer.Ordinal)
    {
        ["test-connection"] = (scene, ct) => scene.Crowd.TryAsync("test the connection", () => scene.Client.TestConnectionAsync(ct)),
        ["full-cycle"] = (scene, ct) => CycleAsync(scene, "full cycle", onlyChanged: false, forgotten: false, ct),
        ["changed-cycle"] = (scene, ct) => CycleAsync(scene, "cycle of what changed", onlyChanged: true, forgotten: false, ct),
        ["restart"] = (scene, ct) => CycleAsync(scene, "cycle after a restart", onlyChanged: false, forgotten: true, ct),
        ["compare"] = CompareAsync,
    };

    /// <summary>Users first, then the groups that are in scope.</summary>
    private static async Task CycleAsync(StoryContext scene, string name, bool onlyChanged, bool forgotten, CancellationToken cancellationToken)
    {
        if (scene.Client is not ISyncCycles cycles) throw new ArgumentException($"This provider knows no {name}.");
        await scene.Crowd.EachAsync($"{name}, users", [.. scene.Tenant.Users.Where(user => user.Changed || !onlyChanged)],
            (user, ct) => cycles.SyncAsync(user, forgotten, ct), cancellationToken);
        if (onlyChanged) return;
        await scene.Crowd.EachAsync($"{name}, groups", [.. scene.Tenant.Groups.Where(group => group.Standing is { Removed: false })],
            (group, ct) => cycles.SyncAsync(group, forgotten, ct), cancellationToken);
    }

    /// <summary>What the tenant believes with what SCIM, the console, licenses and policies say.</summary>
    private static async Task CompareAsync(StoryContext scene, CancellationToken cancellationToken)
    {
        await scene.LearnIdsAsync(cancellationToken);
        await scene.Crowd.CompareAsync("compare with SCIM", () => ScimComparison.CompareAsync(scene, cancellationToken));
        await scene.Crowd.CompareAsync("compare with the console", () => ConsoleComparison.CompareAsync(scene, cancellationToken));
        await scene.Crowd.CompareAsync("compare with licenses and policies", () => EffectComparison.CompareAsync(scene, cancellationToken));
    }
}
