using System.ComponentModel.DataAnnotations;

namespace DirectoryService.Events;

/// <summary>
/// From when on many deactivations in one directory are an alert: within an hour, by its identity provider. Of directories that have no limits of their own (<see cref="AlertLimits"/>).
/// </summary>
internal sealed class DeactivationLimits
{
    internal const string Section = "Alerts:MassDeactivation";

    /// <summary>More users than this.</summary>
    [Range(1, int.MaxValue)]
    public int Users { get; init; } = 500;

    /// <summary>Or more than this share of the directory's users, from <see cref="AtLeast"/> users on.</summary>
    [Range(0.0, 1.0)]
    public double Share { get; init; } = 0.2;

    /// <summary>Fewer are never an alert: in a directory of four, one leaver is a quarter.</summary>
    [Range(1, int.MaxValue)]
    public int AtLeast { get; init; } = 10;

    /// <summary>How often it is looked at: an alert is worth most while the deactivations go on.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);
}
