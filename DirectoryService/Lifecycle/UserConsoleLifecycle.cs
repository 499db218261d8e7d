using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>
/// Transitions of a user by console actions (docs: idp-behaviour §3, "Console"). Pure functions.
/// <code>
///   A, U ── disable ─► D, DU          A … DU ── delete ─► X          X ── restore ─► what it was
///   D, DU, U ── enable ─► A           X ── purge ─► P
/// </code>
/// A removed user (P) can still be disabled, enabled and deleted: SCIM does not see that, but the flags are stored and count
/// when the directory revives the user.
/// </summary>
public static class UserConsoleLifecycle
{
    public static UserLifecycle.Decision Decide(UserState state, ConsoleAction action) => action switch
    {
        ConsoleAction.Enable => Enable(state),
        ConsoleAction.Disable => state.ConsoleDeleted
            ? UserLifecycle.Decision.Refuse(state, "The user is deleted. Restore it first, then disable it.")
            : ChangedTo(state, state with { ConsoleDisabled = true, Released = state.ConsoleDisabled && state.Released }, Change.Disabled),
        ConsoleAction.Delete => ChangedTo(state, state with { ConsoleDeleted = true, Released = state.ConsoleDeleted && state.Released }, Change.Deleted),
        ConsoleAction.Restore => state.ConsoleDeleted
            ? UserLifecycle.Decision.To(state with { ConsoleDeleted = false, Released = state.Released && state.ConsoleDisabled }, Change.Restored)
            : UserLifecycle.Decision.Refuse(state, "The user is not deleted, so there is nothing to restore."),
        ConsoleAction.Purge => state is { ConsoleDeleted: true, Removed: false }
            ? UserLifecycle.Decide(state, UserSignal.Remove, ConflictRule.Preserve)
            : UserLifecycle.Decision.Refuse(state, "Only a user that was deleted in the console can be purged. Delete it first."),
    };

    /// <summary>Enabling a user that the directory deactivated makes it active until the directory deactivates it again.</summary>
    private static UserLifecycle.Decision Enable(UserState state) => state switch
    {
        { ConsoleDeleted: true } => UserLifecycle.Decision.Refuse(state, "The user is deleted. Restore it first."),
        { Removed: true } => ChangedTo(state, state with { ConsoleDisabled = false }, Change.Enabled),
        _ => ChangedTo(state, state with { ConsoleDisabled = false, IdpActive = true, Released = false }, Change.Enabled),
    };

    private static UserLifecycle.Decision ChangedTo(UserState before, UserState after, string change) =>
        after == before ? UserLifecycle.Decision.Stay(before) : UserLifecycle.Decision.To(after, change);
}
