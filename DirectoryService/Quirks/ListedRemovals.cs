namespace DirectoryService.Quirks;

/// <summary>
/// A remove that lists what to remove. By the RFC the value means nothing, and all would go. Entra ID and OneLogin:
/// <code>{"op":"Remove","path":"members","value":[{"$ref":null,"value":"2819c223"}]}</code>
/// Those only go.
/// </summary>
internal static class ListedRemovals
{
    internal static bool Use()
    {
        Leniencies.Used(nameof(ListedRemovals));
        return true;
    }
}
