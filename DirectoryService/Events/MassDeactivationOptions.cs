using System.ComponentModel.DataAnnotations;

namespace DirectoryService.Events;

/// <summary>
/// From when on many deactivations in one directory are an alert: within an hour, by its identity provider. Of directories that have no limits of their own (<see cref="AlertLimits"/>).
/// </summary>
internal sealed class MassDeactivationOptions
{
    internal const string Section = "Alerts:MassDeactivation";

    /// <summary>The number of users above which an alert is raised.</summary>
    [Range(1, int.MaxValue)]
    public int Users { get; init; } = 500;

    /// <summary>
    /// The share of the directory's users above which an alert is raised, if at least <see cref="AtLeast"/> users are
    /// deactivated.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.2;

    /// <summary>Fewer deactivations never raise an alert: in a directory of four users, one is a quarter.</summary>
    [Range(1, int.MaxValue)]
    public int AtLeast { get; init; } = 10;

    /// <summary>How often the limits are checked. Short, because an alert is most useful while the deactivations go on.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);
}
