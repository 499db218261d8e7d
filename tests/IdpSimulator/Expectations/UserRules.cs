namespace IdpSimulator.Expectations;

/// <summary>
/// What the service must make of a provider's request, by the directory's rule:
/// <code>
///                     override        preserve
///   active:false      let go          let go; a PUT that changes other attributes of an inactive user is an echo
///   active:true       active          D: refused · X: refused until released, then active
///                                     (an update only, when it comes with a profile and the provider never let go)
///   POST after P      active, new id  the same; refused when the console had disabled the user
/// </code>
/// </summary>
public static class UserRules
{
    /// <param name="Refused">400 mutability, and nothing changed.</param>
    public readonly record struct ExpectedOutcome(ExpectedUserState Next, bool Refused);

    public static ExpectedOutcome Write(ExpectedUserState now, UserWrite write, DirectoryRule rule)
    {
        var released = now.Released || (rule.LookupReleases && now is { LookedUp: true, HeldBack: true });
        var written = write.ChangesMore ? now with { LookedUp = false } : now;
        return write.Active switch
        {
            false when now.Active || write.IsPatch || !write.ChangesMore => new(written with { IdpActive = false, Released = now.Released || now.HeldBack, LookedUp = false }, false),
            true when rule.Overrides || !write.NamesMore || !now.IdpActive || released => Activate(now, written, rule, released),
            _ => new(written, false),
        };
    }

    /// <param name="before">Of the same name and externalId; null: SCIM never had it.</param>
    /// <param name="rule">Of the directory.</param>
    public static ExpectedOutcome Create(ExpectedUserState? before, DirectoryRule rule) =>
        before is { Removed: true, ConsoleDisabled: true } && !rule.Overrides ? new(before, true) : new(new ExpectedUserState { IdpActive = true }, false);

    private static ExpectedOutcome Activate(ExpectedUserState now, ExpectedUserState written, DirectoryRule rule, bool released)
    {
        if (!now.HeldBack) return new(written with { IdpActive = true }, false);
        return rule.Overrides || (now.ConsoleDeleted && released) ? new(new ExpectedUserState { IdpActive = true }, false) : new(now, true);
    }
}
