namespace DirectoryService.Lifecycle;

/// <summary>
/// Decides what a POST does when the directory has a user with that userName (docs: idp-behaviour §3, last columns). Pure
/// functions.
/// </summary>
public static class UserCreateDecision
{
    /// <summary>An existing user with the same canonical userName.</summary>
    public readonly record struct ExistingUser(UserState State, string? ExternalId);

    public enum Outcome
    {
        /// <summary>409: the user is visible to SCIM.</summary>
        Conflict,
        /// <summary>The user deleted in the console is restored with the same SCIM id.</summary>
        Restore,
        /// <summary>The user deleted in the console is another person: it is purged, and a new user is created.</summary>
        Replace,
        /// <summary>The removed user is revived with the same internal id and a new SCIM id.</summary>
        Revive,
        /// <summary>400 mutability: the removed user was disabled in the console, and under <c>preserve</c> the console wins.</summary>
        Refuse,
        /// <summary>The removed user is another person: a new user is created.</summary>
        Create,
    }

    public const string RefusalDetail = "An admin disabled this user in the console before the directory removed it. Ask an admin to enable it in the console first.";

    public static Outcome Decide(ExistingUser known, string? externalId, ConflictRule rule) => known.State switch
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
    public static UserState StateAfter(UserState state, bool active) => active
        ? new UserState(true, false, false, false, false)
        : new UserState(false, state.ConsoleDisabled, false, false, false);
}
