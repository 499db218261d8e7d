using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>
/// The lifecycle of a group, the same for every provider (docs: idp-behaviour §4). Pure functions.
/// <code>
///            disable ⇄ enable              live ⇄ disabled: synced either way; disabled has no effect in policies
///   live ── delete ─► deleted ── restore ─► live
///     │                  │ DELETE or purge
///     └── DELETE ────────┴──► removed ── POST of the same group ─► live, new SCIM id, members of the body only
/// </code>
/// </summary>
public static class GroupLifecycle
{
    public readonly record struct Decision(GroupState Next, string? Change, string? Refusal);

    public static Decision Decide(GroupState state, ConsoleAction action) => action switch
    {
        ConsoleAction.Enable or ConsoleAction.Disable when state.Removed =>
            Refuse(state, "The directory removed this group. Enable or disable it when the directory has pushed it again."),
        ConsoleAction.Enable or ConsoleAction.Disable when state.ConsoleDeleted =>
            Refuse(state, "The group is deleted. Restore it first, then enable or disable it."),
        ConsoleAction.Enable => ChangedTo(state, state with { ConsoleDisabled = false }, Change.Enabled),
        ConsoleAction.Disable => ChangedTo(state, state with { ConsoleDisabled = true }, Change.Disabled),
        ConsoleAction.Delete => state.Removed
            ? Refuse(state, "The directory removed this group already.")
            : ChangedTo(state, state with { ConsoleDeleted = true }, Change.Deleted),
        ConsoleAction.Restore => state is { ConsoleDeleted: true, Removed: false }
            ? new(state with { ConsoleDeleted = false }, Change.Restored, null)
            : Refuse(state, "Only a group that was deleted in the console can be restored. One that the directory removed comes back when the directory pushes it again."),
        ConsoleAction.Purge => state is { ConsoleDeleted: true, Removed: false }
            ? Remove(state)
            : Refuse(state, "Only a group that was deleted in the console can be purged. Delete it first."),
    };

    /// <summary>
    /// Why a group is not restored: another group has its name or externalId by now. It depends on other groups, so it is not
    /// part of the table.
    /// </summary>
    public static string NameTaken(string displayName) =>
        $"A live group is named '{displayName}', or has the externalId of this one, by now. Rename or delete that one first.";

    /// <summary>DELETE by the directory. A group that was deleted in the console is removed too.</summary>
    public static Decision Remove(GroupState state) => new(state with { Removed = true, ConsoleDeleted = false }, Change.Removed, null);

    /// <summary>
    /// Whether a group that is not live is the same as the posted one: equal externalIds, or equal names if one of the two has
    /// no externalId. Different externalIds never match.
    /// </summary>
    public static bool IsSame(string? externalId, string nameKey, string? postedExternalId, string postedNameKey) =>
        externalId is not null && postedExternalId is not null ? externalId == postedExternalId : nameKey == postedNameKey;

    /// <summary>The state after the group was posted again: live, but still disabled in the console if it was.</summary>
    public static GroupState Recreated(GroupState state) => state with { ConsoleDeleted = false, Removed = false };

    private static Decision ChangedTo(GroupState before, GroupState after, string change) =>
        after == before ? new(before, null, null) : new(after, change, null);

    private static Decision Refuse(GroupState state, string why) => new(state, null, why);
}
