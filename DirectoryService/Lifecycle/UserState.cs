using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>
/// The lifecycle state of a user (docs: idp-behaviour §3): the last value of <c>active</c> from the IdP, and the console's
/// flags. SCIM shows the user as active when the IdP's value is true and neither console flag is set. The database derives the
/// status from the same columns.
/// </summary>
/// <param name="IdpActive">The last value of <c>active</c> from the directory.</param>
/// <param name="ConsoleDisabled">An admin disabled the user.</param>
/// <param name="ConsoleDeleted">An admin deleted the user; SCIM still shows it, inactive.</param>
/// <param name="Released">The directory deactivated or unassigned the user after the console action.</param>
/// <param name="Removed">The directory or a purge removed the user; SCIM answers 404.</param>
public readonly record struct UserState(bool IdpActive, bool ConsoleDisabled, bool ConsoleDeleted, bool Released, bool Removed)
{
    public bool Active => IdpActive && !ConsoleDisabled && !ConsoleDeleted && !Removed;

    public UserStatus Status => this switch
    {
        { Removed: true } => UserStatus.Removed,
        { ConsoleDeleted: true } => UserStatus.Deleted,
        { ConsoleDisabled: true } => UserStatus.Disabled,
        { IdpActive: false } => UserStatus.Unassigned,
        _ => UserStatus.Active,
    };
}
