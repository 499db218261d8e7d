using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>What is kept of a group's life (docs: idp-behaviour §4). The same for every provider.</summary>
/// <param name="ConsoleDisabled">Synced, but without effect in policies and license rules.</param>
/// <param name="ConsoleDeleted">Deleted in the console: 404 for SCIM.</param>
/// <param name="Removed">Removed by the directory.</param>
public readonly record struct GroupState(bool ConsoleDisabled, bool ConsoleDeleted, bool Removed)
{
    /// <summary>Whether SCIM shows it.</summary>
    public bool Visible => !ConsoleDeleted && !Removed;

    public GroupStatus Status => this switch
    {
        { Removed: true } => GroupStatus.Removed,
        { ConsoleDeleted: true } => GroupStatus.Deleted,
        { ConsoleDisabled: true } => GroupStatus.Disabled,
        _ => GroupStatus.Live,
    };
}
