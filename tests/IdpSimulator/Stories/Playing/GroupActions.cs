using IdpSimulator.Expectations;
using IdpSimulator.Tenants;
using IdpSimulator.Wire;

namespace IdpSimulator.Stories.Playing;

/// <summary>What a story can do to one group.</summary>
internal static class GroupActions
{
    public delegate Task Action(StoryContext scene, TenantGroup group, CancellationToken cancellationToken);

    public static IReadOnlyDictionary<string, Action> All { get; } = new Dictionary<string, Action>(StringComparer.Ordinal)
    {
        // Unlinking sends nothing: whoever pushes after it looks the group up by name.
        ["push"] = (scene, group, ct) => scene.Client.PushGroupAsync(group, group.Known, ct),
        // Of a linked group. It fails while the group is deleted in the console.
        ["push-members"] = (scene, group, ct) => scene.Client.ChangeMembersAsync(group, group.Known, [], ct),
        ["rename"] = (scene, group, ct) =>
        {
            group.DisplayName += " renamed";
            return scene.Client.RenameGroupAsync(group, ct);
        },
        ["grow"] = GrowAsync,
        ["shrink"] = ShrinkAsync,
        ["remove"] = (scene, group, ct) => scene.Client.RemoveGroupAsync(group, ct),
        ["leave-scope"] = LeaveScopeAsync,
        ["enter-scope"] = EnterScopeAsync,
        ["policy"] = async (scene, group, ct) => group.Policy =
            await scene.Console.CreatePolicyAsync($"Internet access of {group.DisplayName}", UserActions.Known(group.InternalId), ct),
    };

    public static async Task ActAsync(StoryContext scene, TenantGroup group, ConsoleAction action, CancellationToken cancellationToken)
    {
        var expected = ConsoleRules.Apply(group.Standing!, action);
        var status = await scene.Console.ActOnGroupAsync(UserActions.Known(group.InternalId), action, cancellationToken);
        group.Standing = expected;
        if (status != expected.Status) throw new UnexpectedAnswerException($"group {group.ScimId} to be {expected.Status} after {action} in the console", status);
    }

    private static Task GrowAsync(StoryContext scene, TenantGroup group, CancellationToken cancellationToken)
    {
        TenantUser[] joining = [.. scene.Tenant.Users.Where(user => user.Standing is { Removed: false } && !group.Team.Contains(user)).Take(2)];
        group.Hire(joining);
        return joining is [] ? Task.CompletedTask : scene.Client.ChangeMembersAsync(group, joining, [], cancellationToken);
    }

    private static Task ShrinkAsync(StoryContext scene, TenantGroup group, CancellationToken cancellationToken)
    {
        TenantUser[] leaving = [.. group.Members.Take(1)];
        group.Dismiss(leaving);
        return leaving is [] ? Task.CompletedTask : scene.Client.ChangeMembersAsync(group, [], leaving, cancellationToken);
    }

    /// <summary>Entra ID takes a group out of the app: its users first, then the group.</summary>
    private static async Task LeaveScopeAsync(StoryContext scene, TenantGroup group, CancellationToken cancellationToken)
    {
        foreach (var user in group.Known) await scene.Client.UnassignAsync(user, cancellationToken);
        await scene.Client.RemoveGroupAsync(group, cancellationToken);
    }

    private static async Task EnterScopeAsync(StoryContext scene, TenantGroup group, CancellationToken cancellationToken)
    {
        foreach (var user in group.Known) await scene.Client.ReassignAsync(user, cancellationToken);
        await scene.Client.PushGroupAsync(group, group.Known, cancellationToken);
    }
}
