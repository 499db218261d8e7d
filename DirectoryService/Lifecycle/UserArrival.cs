namespace DirectoryService.Lifecycle;

/// <summary>What a POST makes of the users that the directory has by that name (docs: idp-behaviour §3, last columns). Pure.</summary>
public static class UserArrival
{
    /// <summary>A user with the same canonical userName.</summary>
    public readonly record struct Known(UserState State, string? ExternalId);

    public enum Outcome
    {
        /// <summary>409: SCIM shows that user.</summary>
        Conflict,
        /// <summary>The deleted user comes back: same SCIM id.</summary>
        Restore,
        /// <summary>The deleted user was somebody else: it is purged, and a new user made.</summary>
        Replace,
        /// <summary>The removed user comes back: same internal id, new SCIM id.</summary>
        Revive,
        /// <summary>400 mutability: the removed user was disabled in the console, and the console wins.</summary>
        Refuse,
        /// <summary>That removed user was somebody else: a new user is made.</summary>
        Create,
    }

    public const string RefusalDetail = "An admin disabled this user in the console before the directory removed it. Ask an admin to enable it in the console first.";

    public static Outcome Decide(Known known, string? externalId, ConflictRule rule) => known.State switch
    {
        { Removed: true } when externalId is null || known.ExternalId != externalId => Outcome.Create,
        { Removed: true, ConsoleDisabled: true } when rule == ConflictRule.Preserve => Outcome.Refuse,
        { Removed: true } => Outcome.Revive,
        { ConsoleDeleted: true } => known.ExternalId is null || externalId is null || known.ExternalId == externalId ? Outcome.Restore : Outcome.Replace,
        _ => Outcome.Conflict,
    };

    /// <summary>
    /// The state after <see cref="Outcome.Restore"/> or <see cref="Outcome.Revive"/>: active, both console flags cleared; a
    /// POST with <c>active:false</c> ends unassigned, and keeps a console disable.
    /// </summary>
    public static UserState Arrived(UserState state, bool active) => active
        ? new UserState(true, false, false, false, false)
        : new UserState(false, state.ConsoleDisabled, false, false, false);
}
