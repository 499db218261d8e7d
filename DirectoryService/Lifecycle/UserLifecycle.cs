using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>
/// Transitions of a user by SCIM writes: (state, signal, rule) → next state or refusal. Pure functions.
/// <code>
///            deactivate                      A active, U unassigned, D disabled in the console, DU by both,
///        ┌──────────────► U                  X deleted in the console, XR the same and released, P removed
///   A ◄──┴── activate ────┘
///   D  ── deactivate ─► DU      activate:  preserve → refused     override → A
///   X  ── deactivate ─► XR      activate:  preserve → X refused, XR → A     override → A
///   any ── remove ─► P
/// </code>
/// </summary>
public static class UserLifecycle
{
    /// <param name="Next">The state afterwards; the same when nothing changes.</param>
    /// <param name="Change">The event's change word when the state changed; null otherwise, then the caller may use "updated".</param>
    /// <param name="Refusal">Why the write is refused, as a text for the IdP admin; null when it is allowed.</param>
    public readonly record struct Decision(UserState Next, string? Change, string? Refusal)
    {
        internal static Decision To(UserState next, string change) => new(next, change, null);
        internal static Decision Stay(UserState state) => new(state, null, null);
        internal static Decision Refuse(UserState state, string why) => new(state, null, why);
    }

    public static Decision Decide(UserState state, UserSignal signal, ConflictRule rule) => signal switch
    {
        UserSignal.Update or UserSignal.Echo => Decision.Stay(state),
        UserSignal.Deactivate => Deactivate(state),
        UserSignal.Activate => Activate(state, rule),
        UserSignal.Remove => state.Removed
            ? Decision.Stay(state)
            : Decision.To(state with { Removed = true, IdpActive = false, ConsoleDeleted = false, Released = false }, Change.Removed),
    };

    private static Decision Deactivate(UserState state)
    {
        var next = state with { IdpActive = false, Released = state.Released || state.ConsoleDisabled || state.ConsoleDeleted };
        return next == state ? Decision.Stay(state) : Decision.To(next, Change.Deactivated);
    }

    private static Decision Activate(UserState state, ConflictRule rule)
    {
        var revived = state with { IdpActive = true, ConsoleDisabled = false, ConsoleDeleted = false, Released = false };
        return (state.ConsoleDeleted, state.ConsoleDisabled, rule) switch
        {
            (false, false, _) => state.IdpActive ? Decision.Stay(state) : Decision.To(revived, Change.Reactivated),
            (_, _, ConflictRule.Override) => Decision.To(revived, Change.Restored),
            (true, _, ConflictRule.Preserve) when state.Released => Decision.To(revived, Change.Restored),
            (true, _, ConflictRule.Preserve) => Decision.Refuse(state,
                "An admin deleted this user in the console. Unassign the user from the application, then assign it again; or ask an admin to restore it."),
            (false, true, ConflictRule.Preserve) => Decision.Refuse(state,
                "An admin disabled this user in the console. Ask an admin to enable the user there, then assign it again."),
        };
    }
}
