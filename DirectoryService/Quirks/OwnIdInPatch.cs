namespace DirectoryService.Quirks;

/// <summary>
/// Okta's rename of a group repeats its id, which is read-only; equal, it changes nothing:
/// <code>{"op":"replace","value":{"id":"3f1c…","displayName":"Engineering"}}</code>
/// </summary>
internal static class OwnIdInPatch
{
    internal static bool Use()
    {
        Leniencies.Used(nameof(OwnIdInPatch));
        return true;
    }
}
