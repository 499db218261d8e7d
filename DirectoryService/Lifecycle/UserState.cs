using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>
/// What is kept of a user's life (docs: idp-behaviour §3): what the IdP last said, and what the console did. SCIM shows
/// the user active when the IdP says so and the console did neither. The database derives the same status from the same
/// columns.
/// </summary>
/// <param name="IdpActive">What the directory last said.</param>
/// <param name="ConsoleDisabled">An admin disabled the user.</param>
/// <param name="ConsoleDeleted">An admin deleted the user; SCIM still shows it, inactive.</param>
/// <param name="Released">The directory has let go of the user since the console acted.</param>
/// <param name="Removed">The directory (or a purge) removed the user: gone for SCIM.</param>
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
