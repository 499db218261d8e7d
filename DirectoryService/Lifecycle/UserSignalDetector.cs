namespace DirectoryService.Lifecycle;

/// <summary>
/// Derives the signal of a PUT or PATCH from the stored row and the request (docs: idp-behaviour §3, "Signals").
/// </summary>
public static class UserSignalDetector
{
    /// <param name="state">The user before the write.</param>
    /// <param name="active">The value of <c>active</c> in the request; null when it has none.</param>
    /// <param name="isPatch">Whether it is a PATCH. A PUT may only repeat the answer to a GET.</param>
    /// <param name="changesMore">Whether it changes other attributes than <c>active</c>.</param>
    /// <param name="namesMore">Whether it names other attributes than <c>active</c>.</param>
    /// <param name="rule">Which side wins.</param>
    public static UserSignal Of(UserState state, bool? active, bool isPatch, bool changesMore, bool namesMore, ConflictRule rule) => active switch
    {
        null => UserSignal.Update,
        false when state.Active || isPatch || !changesMore => UserSignal.Deactivate,
        false => UserSignal.Echo,
        true => Activation(state, isPatch && !namesMore, rule) ? UserSignal.Activate : UserSignal.Update,
    };

    /// <summary>
    /// Under <c>preserve</c>, <c>active:true</c> together with other attributes, for a user that the directory has neither
    /// deactivated nor released, is a profile update and no attempt to undo a console action.
    /// </summary>
    private static bool Activation(UserState state, bool namesOnlyActive, ConflictRule rule) =>
        rule == ConflictRule.Override || namesOnlyActive || !state.IdpActive || state.Released;
}
