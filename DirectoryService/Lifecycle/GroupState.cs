using Contracts.Events.V1;

namespace DirectoryService.Lifecycle;

/// <summary>The lifecycle state of a group (docs: idp-behaviour §4), the same for every provider.</summary>
/// <param name="ConsoleDisabled">Disabled in the console: still synchronized, but without effect in policies and license rules.</param>
/// <param name="ConsoleDeleted">Deleted in the console; SCIM answers 404.</param>
/// <param name="Removed">Removed by the directory.</param>
public readonly record struct GroupState(bool ConsoleDisabled, bool ConsoleDeleted, bool Removed)
{
    /// <summary>Whether the group is visible to SCIM.</summary>
    public bool Visible => !ConsoleDeleted && !Removed;

    public GroupStatus Status => this switch
    {
        { Removed: true } => GroupStatus.Removed,
        { ConsoleDeleted: true } => GroupStatus.Deleted,
        { ConsoleDisabled: true } => GroupStatus.Disabled,
        _ => GroupStatus.Live,
    };
}
