namespace Contracts.Events.V1;

/// <summary>
/// The words of <see cref="IFact.Change"/>. They explain a fact to people and logs. Consumers decide by the state in the
/// fact, never by this word: a fact that was missed would otherwise be missed for good.
/// </summary>
public static class Change
{
    public const string Created = "created";
    public const string Updated = "updated";
    /// <summary>The directory (IdP) says that the user is not active.</summary>
    public const string Deactivated = "deactivated";
    /// <summary>The directory (IdP) says that the user is active again.</summary>
    public const string Reactivated = "reactivated";
    /// <summary>An admin disabled it in the console.</summary>
    public const string Disabled = "disabled";
    /// <summary>An admin enabled it in the console.</summary>
    public const string Enabled = "enabled";
    /// <summary>An admin deleted it in the console.</summary>
    public const string Deleted = "deleted";
    /// <summary>It came back after it was deleted or removed.</summary>
    public const string Restored = "restored";
    /// <summary>The directory (IdP) removed it.</summary>
    public const string Removed = "removed";
    public const string MembersChanged = "membersChanged";
    /// <summary>A directory raised a <see cref="MassDeactivation"/>.</summary>
    public const string Alerted = "alerted";
    /// <summary>Nothing happened: the state feed tells what is so. Never published.</summary>
    public const string Stated = "stated";
}
