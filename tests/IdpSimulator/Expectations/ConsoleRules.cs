namespace IdpSimulator.Expectations;

/// <summary>What an admin does in the console.</summary>
public enum ConsoleAction { Enable, Disable, Delete, Restore, Purge }

/// <summary>Where a user or a group stands after it. Stories only do what the console allows.</summary>
public static class ConsoleRules
{
    public static ExpectedUserState Apply(ExpectedUserState now, ConsoleAction action) => action switch
    {
        ConsoleAction.Enable => now with { IdpActive = true, ConsoleDisabled = false, Released = false, LookedUp = false },
        ConsoleAction.Disable => now with { ConsoleDisabled = true, Released = now.ConsoleDisabled && now.Released, LookedUp = false },
        ConsoleAction.Delete => now with { ConsoleDeleted = true, Released = now.ConsoleDeleted && now.Released, LookedUp = false },
        ConsoleAction.Restore => now with { ConsoleDeleted = false, Released = now.Released && now.ConsoleDisabled, LookedUp = false },
        ConsoleAction.Purge => Removed(now),
    };

    public static ExpectedGroupState Apply(ExpectedGroupState now, ConsoleAction action) => action switch
    {
        ConsoleAction.Enable => now with { ConsoleDisabled = false },
        ConsoleAction.Disable => now with { ConsoleDisabled = true },
        ConsoleAction.Delete => now with { ConsoleDeleted = true },
        ConsoleAction.Restore => now with { ConsoleDeleted = false },
        ConsoleAction.Purge => now with { ConsoleDeleted = false, Removed = true },
    };

    /// <summary>By the provider's DELETE or by a purge; the disable is remembered.</summary>
    public static ExpectedUserState Removed(ExpectedUserState now) => new() { ConsoleDisabled = now.ConsoleDisabled, Removed = true };
}
