namespace DirectoryService.Leniencies;

/// <summary>
/// Paths as keys of an operation without a path. Entra ID with <c>aadOptscim062020</c>:
/// <code>{"op":"replace","value":{"name.givenName":"Ada","urn:…:enterprise:2.0:User:department":"IT"}}</code>
/// and others: <code>{"op":"add","value":{"emails[type eq \"work\"].value":"ada@example.com"}}</code>
/// </summary>
internal static class PathsAsValueKeys
{
    internal static bool Use(string key)
    {
        LeniencyRegistry.RecordUse(nameof(PathsAsValueKeys));
        return true;
    }
}
