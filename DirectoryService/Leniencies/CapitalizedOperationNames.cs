namespace DirectoryService.Leniencies;

/// <summary>
/// <c>op</c> in other case. Entra ID without <c>aadOptscim062020</c>:
/// <code>{"op":"Replace","path":"active","value":"False"}</code>
/// </summary>
internal static class CapitalizedOperationNames
{
    internal static string Apply(string verb)
    {
        var lower = verb.ToLowerInvariant();
        if (lower != verb) LeniencyRegistry.RecordUse(nameof(CapitalizedOperationNames));
        return lower;
    }
}
