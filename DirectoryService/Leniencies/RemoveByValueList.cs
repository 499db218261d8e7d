namespace DirectoryService.Leniencies;

/// <summary>
/// A remove operation whose value lists the elements to remove. By the RFC the value has no meaning, and all elements would be removed. Entra ID and OneLogin:
/// <code>{"op":"Remove","path":"members","value":[{"$ref":null,"value":"2819c223"}]}</code>
/// Only the listed elements are removed.
/// </summary>
internal static class RemoveByValueList
{
    internal static bool Use()
    {
        LeniencyRegistry.RecordUse(nameof(RemoveByValueList));
        return true;
    }
}
