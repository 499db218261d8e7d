using IdpSimulator.Tenants;

namespace IdpSimulator.Stories.Playing;

/// <summary>Plays a tenant's story from its beginning, and compares at the end.</summary>
internal static class TenantStoryRunner
{
    public static async Task PlayAsync(TenantStory story, StoryContext scene, CancellationToken cancellationToken)
    {
        var users = new StoryParts<TenantUser>(scene.Tenant.Users, story.Users);
        var groups = new StoryParts<TenantGroup>(scene.Tenant.Groups, story.Groups);
        foreach (var (index, group) in scene.Tenant.Groups.Index())
            group.Hire(scene.Tenant.Users.Where((_, user) => user % scene.Tenant.Groups.Count == index));
        foreach (var step in story.Steps.Append(new TenantStep("compare")))
        {
            if (step is { Console: not null } or { Do: "license" or "policy" }) await scene.LearnIdsAsync(cancellationToken);
            if (step.Users is { } userNames) await ForAsync(step, users[userNames], scene, cancellationToken);
            else if (step.Groups is { } groupNames) await ForAsync(step, groups[groupNames], scene, cancellationToken);
            else await TenantActions.All[step.Do!](scene, cancellationToken);
        }
    }

    private static async Task ForAsync(TenantStep step, IReadOnlyList<TenantUser> users, StoryContext scene, CancellationToken cancellationToken)
    {
        if (step.Do == "license") scene.Pool = await scene.Console.PoolAsync(users.Count, cancellationToken);
        await scene.Crowd.EachAsync(step.ToString(), users, step.Console is { } action
            ? (user, ct) => UserActions.ActAsync(scene, user, action, ct)
            : (user, ct) => UserActions.All[step.Do!](scene, user, ct), cancellationToken);
    }

    private static Task ForAsync(TenantStep step, IReadOnlyList<TenantGroup> groups, StoryContext scene, CancellationToken cancellationToken) =>
        scene.Crowd.EachAsync(step.ToString(), groups, step.Console is { } action
            ? (group, ct) => GroupActions.ActAsync(scene, group, action, ct)
            : (group, ct) => GroupActions.All[step.Do!](scene, group, ct), cancellationToken);
}
