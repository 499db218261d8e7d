namespace DirectoryService.Quirks;

/// <summary>
/// Okta's rename of a group repeats the read-only id. An equal id is ignored:
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
