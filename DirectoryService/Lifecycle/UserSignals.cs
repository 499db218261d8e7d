namespace DirectoryService.Lifecycle;

/// <summary>
/// What a PUT or PATCH means, worked out in one place from the row before and what was asked (docs: idp-behaviour §3,
/// "Signals").
/// </summary>
public static class UserSignals
{
    /// <param name="state">The user before the write.</param>
    /// <param name="active">What the write says of <c>active</c>; null when it says nothing.</param>
    /// <param name="isPatch">A PATCH says what it means; a PUT may only repeat our own GET.</param>
    /// <param name="changesMore">Whether it changes anything but <c>active</c>.</param>
    /// <param name="namesMore">Whether it names anything but <c>active</c>.</param>
    /// <param name="rule">Which side wins.</param>
    public static UserSignal Of(UserState state, bool? active, bool isPatch, bool changesMore, bool namesMore, ConflictRule rule) => active switch
    {
        null => UserSignal.Update,
        false when state.Active || isPatch || !changesMore => UserSignal.Deactivate,
        false => UserSignal.Echo,
        true => Activation(state, isPatch && !namesMore, rule) ? UserSignal.Activate : UserSignal.Update,
    };

    /// <summary>
    /// Under <c>preserve</c> an <c>active:true</c> that comes along with a profile update, for a user whom the directory
    /// never gave up, is that update and no attempt to undo what the console did.
    /// </summary>
    private static bool Activation(UserState state, bool namesOnlyActive, ConflictRule rule) =>
        rule == ConflictRule.Override || namesOnlyActive || !state.IdpActive || state.Released;
}
