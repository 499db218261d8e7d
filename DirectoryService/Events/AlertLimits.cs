namespace DirectoryService.Events;

/// <summary>A directory's own limits of the alert for mass deactivations; null: as <see cref="MassDeactivationOptions"/> says.</summary>
internal sealed record AlertLimits(int? Users, double? Share, int? AtLeast)
{
    internal static readonly AlertLimits Default = new(null, null, null);
}
