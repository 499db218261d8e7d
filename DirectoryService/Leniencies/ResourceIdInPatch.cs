namespace DirectoryService.Leniencies;

/// <summary>
/// Okta's rename of a group repeats the read-only id. An equal id is ignored:
/// <code>{"op":"replace","value":{"id":"3f1c…","displayName":"Engineering"}}</code>
/// </summary>
internal static class ResourceIdInPatch
{
    internal static bool Use()
    {
        LeniencyRegistry.RecordUse(nameof(ResourceIdInPatch));
        return true;
    }
}
